import { describe, expect, it } from 'vitest';
import { readRequest } from './request.ts';

const baseUrl = (domainName: string, headers = {}) =>
  readRequest({
    rawPath: '/v1/domains',
    headers,
    requestContext: { domainName, requestId: '1', http: { method: 'GET' } },
  }).baseUrl;

describe('The base of our own links', () => {
  it('is the domain that the request came to', () => {
    expect(baseUrl('api.example.com', { 'x-forwarded-proto': 'https' })).toBe('https://api.example.com');
    expect(baseUrl('127.0.0.1:8080', { 'x-forwarded-proto': 'http' })).toBe('http://127.0.0.1:8080');
  });

  it('takes nothing but a host and a known protocol from headers', () => {
    expect(baseUrl('api.example.com', { 'x-forwarded-proto': 'javascript' })).toBe('https://api.example.com');
    for (const host of ['evil.example.com/x?', 'me@evil.example.com', 'a b', '', '[::1]"']) {
      expect(baseUrl(host)).toBe('https://localhost');
    }
  });
});
