/** What `/admin` does about channels and tokens, as OpenAPI says it. */
import { z } from 'zod';
import { type Answer, json, type Paths } from '../openapi/describe.ts';
import { BODY_REFUSED } from '../openapi/refusals.ts';
import * as answers from './answers.ts';
import * as bodies from './bodies.ts';
import { list, task } from './task.ts';

const SCOPES = ['concord/intake', 'concord/check', 'concord/reply', 'system/*.rs'];
const id = z.object({ id: z.string() });
const changed: Answer = { says: 'It is changed.', content: json(answers.channelId) };
const STANDING = {
  404: ['gateway/unknown-channel'],
  409: ['gateway/channel-revoked', 'gateway/channel-kind'],
} as const;

export const channelPaths: Paths = {
  '/admin/channels': {
    get: list('channels', 'channels', ['通道', 'Lists the channels, without what is secret of them.'], answers.channel),
    post: task(
      'addChannel',
      'channels',
      ['新增通道', 'Adds a channel; a client that does not sign gets its secret, once.'],
      {
        more: '`jwks` (text) or `jwksUrl` for a client that signs. On Workers clients alone are taken.',
        body: json(bodies.channelBody, {
          client: {
            says: 'A client with a secret',
            value: { id: 'city-his', facility: 'city', kind: 'client', scopes: SCOPES },
          },
          mllp: {
            says: 'An MLLP listener',
            value: { facility: 'county', kind: 'mllp', port: 2601, from: '127.0.0.1' },
          },
        }),
        answers: { 200: { says: 'It is there.', content: json(answers.channelAdded) } },
        refusals: {
          400: [...BODY_REFUSED[400], 'access/bad-scopes', 'access/bad-keys', 'access/keys-address'],
          404: ['gateway/unknown-facility'],
          409: ['gateway/channel-exists', 'gateway/channel-taken', 'gateway/issuer-taken', 'gateway/channel-kind'],
          413: BODY_REFUSED[413],
          422: ['web/no-such-door'],
        },
      },
    ),
  },
  '/admin/channels/{id}/revoke': {
    post: task('revokeChannel', 'channels', ['撤销通道', 'Closes a channel for good; its tokens stop at once.'], {
      path: id,
      answers: { 200: { says: 'It is closed.', content: json(answers.channelRevoked) } },
      refusals: { 404: ['gateway/unknown-channel'], 409: ['gateway/channel-revoked'] },
    }),
  },
  '/admin/channels/{id}/rotate': {
    post: task('rotateChannel', 'channels', ['更换密钥', 'Gives a client a new secret.'], {
      path: id,
      answers: { 200: { says: 'The old one ends.', content: json(answers.channelRotated) } },
      refusals: { ...STANDING, 409: [...STANDING[409], 'gateway/channel-signs'] },
    }),
  },
  '/admin/channels/{id}/keys': {
    post: task('setChannelKeys', 'channels', ['设置公钥', 'Lets a client sign with other keys; a secret of it ends.'], {
      path: id,
      body: json(bodies.keysBody, {
        address: {
          says: 'Keys where the client publishes them',
          value: { jwksUrl: 'https://his.city.example/jwks.json' },
        },
      }),
      answers: { 200: changed },
      refusals: {
        ...STANDING,
        400: [...BODY_REFUSED[400], 'access/bad-keys', 'access/keys-address'],
        413: BODY_REFUSED[413],
      },
    }),
  },
  '/admin/channels/{id}/scopes': {
    post: task(
      'setChannelScopes',
      'channels',
      ['设置范围', 'Says what tokens of a client may carry, those that are out too.'],
      {
        path: id,
        body: json(bodies.scopesBody, {
          reading: { says: 'Questions and reading', value: { scopes: ['concord/check', 'system/*.rs'] } },
        }),
        answers: { 200: changed },
        refusals: { ...STANDING, 400: [...BODY_REFUSED[400], 'access/bad-scopes'], 413: BODY_REFUSED[413] },
      },
    ),
  },
  '/admin/channels/{id}/issuer': {
    post: task(
      'setChannelIssuer',
      'channels',
      ['设置签发者', 'Says who signs the calls of a CDS Hooks client; only a client with keys has one.'],
      {
        path: id,
        body: json(bodies.issuerBody, {
          hospital: { says: 'What its JWTs state as `iss`', value: { issuer: 'https://his.city.example/cds' } },
        }),
        answers: { 200: changed },
        refusals: {
          ...STANDING,
          409: [...STANDING[409], 'gateway/issuer-taken'],
          400: BODY_REFUSED[400],
          413: BODY_REFUSED[413],
        },
      },
    ),
  },
  '/admin/tokens': {
    post: task('adminToken', 'channels', ['代发令牌', 'Gives a token of a client’s channel to the administrator.'], {
      body: json(bodies.tokenBody, { client: { says: 'Of the city hospital', value: { channel: 'city-client' } } }),
      answers: { 200: { says: 'A bearer token.', content: json(answers.adminToken) } },
      refusals: { ...BODY_REFUSED, ...STANDING },
    }),
  },
};
