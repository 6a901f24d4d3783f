/** Where links lead: no header of a request chooses it; and whom a request is taken to come from. */
import { describe, expect, test } from 'vitest';
import { readSettings } from '../../../src/runtime/node/settings.ts';
import { peerAddress } from '../../../src/web/peer-address.ts';
import { createPublicBase } from '../../../src/web/public-base.ts';

describe('the public base', () => {
  test.each<[string, string | undefined, string | undefined, string]>([
    ['http://localhost:8080/fhir', undefined, undefined, 'http://localhost:8080'],
    ['http://127.0.0.1:8080/fhir', undefined, undefined, 'http://127.0.0.1:8080'],
    ['http://[::1]:8080/fhir', undefined, undefined, 'http://[::1]:8080'],
    ['http://10.1.2.3:8080/fhir', undefined, 'http://10.1.2.3:8080', 'http://10.1.2.3:8080'],
    ['http://evil.example/fhir', undefined, undefined, 'http://localhost'],
    ['http://evil.example/fhir', undefined, 'http://10.1.2.3:8080', 'http://10.1.2.3:8080'],
    ['http://127.0.0.1.evil.example/fhir', undefined, undefined, 'http://localhost'],
    ['http://localhost.evil.example/fhir', undefined, undefined, 'http://localhost'],
    ['http://evil.example#localhost/fhir', undefined, undefined, 'http://localhost'],
    ['http://10.1.2.4:8080/fhir', undefined, 'http://10.1.2.3:8080', 'http://10.1.2.3:8080'],
    ['http://localhost:8080/fhir', 'https://gateway.example', undefined, 'https://gateway.example'],
    ['http://evil.example/fhir', 'https://gateway.example/', undefined, 'https://gateway.example'],
    ['http://evil.example/fhir', 'https://region.example/concord/', undefined, 'https://region.example/concord'],
  ])('of %s with PUBLIC_URL %s at %s is %s', (url, publicUrl, ownUrl, expected) => {
    const headers = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'gopher',
      forwarded: 'host=evil.example',
    };
    expect(createPublicBase(publicUrl, ownUrl)(new Request(url, { headers }))).toBe(expected);
  });

  test.each([
    'ftp://gateway.example',
    'https://user@gateway.example',
    'https://gateway.example/?a=1',
    'https://gateway.example/#a',
    'gateway.example',
  ])('is not made of %s', (url) => {
    expect(() => readSettings({ PUBLIC_URL: url })).toThrow('PUBLIC_URL');
  });
});

describe('the address of a request', () => {
  const PROXY = '10.0.0.1';
  test.each<[string, string | undefined, Record<string, string>, string | undefined]>([
    ['is its socket’s', '10.1.2.3', {}, '10.1.2.3'],
    ['is written as IPv4 where it is one', '::ffff:10.1.2.3', {}, '10.1.2.3'],
    ['is unknown without a socket', undefined, { 'x-forwarded-for': '127.0.0.1' }, undefined],
    ['is not what a stranger says', '10.1.2.3', { 'x-forwarded-for': '10.9.9.9' }, '10.1.2.3'],
    ['is this machine', '127.0.0.1', {}, '127.0.0.1'],
    ['is unknown behind a proxy on this machine', '127.0.0.1', { 'x-forwarded-for': '10.1.2.3' }, undefined],
    ['is unknown behind one that leaves another trace', '::1', { via: '1.1 proxy' }, undefined],
    ['is what a named proxy saw', PROXY, { 'x-forwarded-for': '10.1.2.3' }, '10.1.2.3'],
    [
      'is the last that was added, whatever stands before',
      PROXY,
      { 'x-forwarded-for': '10.9.9.9, 10.1.2.3' },
      '10.1.2.3',
    ],
    ['is what stands before several named proxies', PROXY, { 'x-forwarded-for': '10.1.2.3, 10.0.0.2' }, '10.1.2.3'],
    ['is never this machine by a header', PROXY, { 'x-forwarded-for': '127.0.0.1' }, undefined],
    ['is unknown when the proxy says nothing', PROXY, {}, undefined],
    ['is unknown when the proxy says no address', PROXY, { 'x-forwarded-for': 'unknown' }, undefined],
    ['is unknown when only proxies are named', PROXY, { 'x-forwarded-for': '10.0.0.2' }, undefined],
    ['is IPv6 in its short form', PROXY, { 'x-forwarded-for': '2001:DB8:0:0::1' }, '2001:db8::1'],
  ])('%s', (_, socket, headers, expected) => {
    expect(peerAddress({ socket, headers: new Headers(headers), proxies: [PROXY, '10.0.0.2'] })).toBe(expected);
  });

  test('takes proxies from the settings as addresses only', () => {
    expect(readSettings({ TRUSTED_PROXIES: '10.0.0.1, ::1' }).TRUSTED_PROXIES).toEqual(['10.0.0.1', '::1']);
    expect(readSettings({}).TRUSTED_PROXIES).toEqual([]);
    expect(() => readSettings({ TRUSTED_PROXIES: 'proxy.example' })).toThrow('TRUSTED_PROXIES');
    expect(() => readSettings({ TRUSTED_PROXIES: '10.0.0.0/8' })).toThrow('TRUSTED_PROXIES');
  });
});
