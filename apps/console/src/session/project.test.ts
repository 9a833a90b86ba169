import { describe, expect, it } from 'vitest';
import { pathInHash, slugInHash } from './project';

describe('the project in the address', () => {
  it('is the part behind p', () => {
    expect(slugInHash('#/p/demo/records?page=2')).toBe('demo');
    expect(slugInHash('#/p/demo')).toBe('demo');
    expect(slugInHash('#/records')).toBeNull();
    expect(slugInHash('')).toBeNull();
  });

  it('leaves the rest of the address as it is', () => {
    expect(pathInHash('#/p/demo/records?page=2')).toBe('/records?page=2');
    expect(pathInHash('#/records/1')).toBe('/records/1');
    expect(pathInHash('#/p/demo')).toBe('/');
    expect(pathInHash('')).toBe('/');
  });
});
