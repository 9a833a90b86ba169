import { describe, expect, it } from 'vitest';
import { literalIp, placeOfIp, placeOfUrl } from './address-place.js';

describe('the place of an address', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['2400:3200::1', 'public'],
    ['64:ff9b::808:808', 'public'],
    ['127.0.0.1', 'inside'],
    ['10.1.2.3', 'inside'],
    ['172.31.255.1', 'inside'],
    ['172.32.0.1', 'public'],
    ['192.168.1.1', 'inside'],
    ['100.64.0.1', 'inside'],
    ['::1', 'inside'],
    ['fd12:3456::1', 'inside'],
    ['::ffff:10.0.0.1', 'inside'],
    ['::ffff:7f00:1', 'inside'],
    ['64:ff9b::10.0.0.1', 'inside'],
    ['169.254.169.254', 'forbidden'],
    ['169.254.0.23', 'forbidden'],
    ['100.100.100.200', 'forbidden'],
    ['168.63.129.16', 'forbidden'],
    ['192.0.0.192', 'forbidden'],
    ['0.0.0.0', 'forbidden'],
    ['255.255.255.255', 'forbidden'],
    ['224.0.0.1', 'forbidden'],
    ['::', 'forbidden'],
    ['fe80::1', 'forbidden'],
    ['fe80::1%eth0', 'forbidden'],
    ['fd00:ec2::254', 'forbidden'],
    ['::ffff:169.254.169.254', 'forbidden'],
    ['::ffff:a9fe:a9fe', 'forbidden'],
    ['::169.254.169.254', 'forbidden'],
    ['64:ff9b::a9fe:a9fe', 'forbidden'],
    ['2002:a9fe:a9fe::1', 'forbidden'],
    ['no address', 'forbidden'],
  ])('%s is %s', (address, place) => {
    expect(placeOfIp(address)).toBe(place);
  });

  it.each([
    ['http://2852039166/v1', '169.254.169.254'],
    ['http://0xa9fea9fe/v1', '169.254.169.254'],
    ['http://0251.0376.0251.0376/v1', '169.254.169.254'],
    ['http://169.254.43518/v1', '169.254.169.254'],
    ['http://169.254.169.254./v1', '169.254.169.254'],
    ['http://①⑥⑨.254.169.254/v1', '169.254.169.254'],
    ['http://[::ffff:169.254.169.254]/v1', '::ffff:a9fe:a9fe'],
    ['http://127.1/v1', '127.0.0.1'],
  ])('%s is read as %s', (url, ip) => {
    expect(literalIp(new URL(url))).toBe(ip);
  });

  it.each([
    ['http://169.254.169.254/v1', 'forbidden'],
    ['http://localhost:8000/v1', 'inside'],
    ['http://vllm-of-no-network:8000/v1', 'inside'],
    ['http://gpu.invalid.lan/v1', 'inside'],
    ['https://api.invalid/v1', 'public'],
  ])('%s leads %s', async (url, place) => {
    expect(await placeOfUrl(new URL(url))).toBe(place);
  });
});
