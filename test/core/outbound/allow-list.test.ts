/** Which addresses may be spoken to: spellings that attack, and those that are meant. */
import { describe, expect, test } from 'vitest';
import { createAllowList, parseAllowedHosts } from '../../../src/outbound/allow-list.ts';
import { isPrivateAddress } from '../../../src/outbound/private-address.ts';

const list = createAllowList(
  parseAllowedHosts(
    'fhir.h1.example, https://fhir.h2.example:8443, http://10.1.2.3:8080, https://fhir.h3.example+private',
  ),
);

describe('the allow list', () => {
  test.each([
    'https://fhir.h1.example/fhir/Patient?x=1',
    'https://FHIR.h1.example:443/',
    'https://fhir.h2.example:8443/fhir',
    'http://10.1.2.3:8080/fhir',
    'http://0xa010203:8080/',
    'https://fhir.h3.example/',
  ])('lets %s pass', (url) => expect(list.find(url)).toBeDefined());

  test.each([
    'http://fhir.h1.example/',
    'https://fhir.h1.example:8443/',
    'https://fhir.h1.example./',
    'https://fhir.h1.example.evil.example/',
    'https://user:pass@fhir.h1.example/',
    'https://fhir.h1.example@evil.example/',
    'https://fhir.h1.example#@evil.example/',
    'https://evil.example/https://fhir.h1.example/',
    'https:\\\\evil.example\\fhir.h1.example',
    'http://127.0.0.1/',
    'http://localhost/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::1]/',
    'http://[::ffff:169.254.169.254]/',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://017700000001/',
    'http://127.1/',
    'http://10.1.2.3/',
    'http://10.1.2.3:8081/',
    'http://0/',
    'file:///etc/passwd',
    'ftp://fhir.h1.example/',
    'gopher://fhir.h1.example/',
    'javascript:alert(1)',
    'data:text/plain,x',
    '//fhir.h1.example/',
    'fhir.h1.example',
    'https://fhir。h1。example.evil/',
    '',
  ])('stops %s', (url) => expect(list.find(url)).toBeUndefined());

  test.each([
    'https://a.example/path',
    'https://u@a.example',
    'ftp://a.example',
    'https://a.example?x',
    'not a host',
    'https://',
  ])('takes no entry %s', (entry) => expect(() => parseAllowedHosts(entry)).toThrow('no host'));

  test('says which names may lead into a private network', () => {
    const of = (url: string): boolean | undefined => list.find(url)?.allowsPrivate;
    expect([of('https://fhir.h1.example/'), of('https://fhir.h3.example/'), of('http://10.1.2.3:8080/')]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe('an address', () => {
  test.each([
    '127.0.0.1',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'fd12::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
    '2001::1',
    '2001:db8::1',
    '::127.0.0.1',
    'fe80::1%eth0',
    'nonsense',
    '1.2.3',
    '',
  ])('%s is not of the open internet', (address) => expect(isPrivateAddress(address)).toBe(true));

  test.each([
    '1.1.1.1',
    '8.8.8.8',
    '172.15.0.1',
    '172.32.0.1',
    '100.63.0.1',
    '2606:4700::1111',
    '240e::1',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
  ])('%s is of the open internet', (address) => expect(isPrivateAddress(address)).toBe(false));
});
