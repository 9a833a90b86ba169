import { describe, expect, it } from 'vitest';
import { toApiError } from './api-error';

const reply = (body: string, type: string, status: number) =>
  new Response(body, { status, headers: { 'content-type': type, 'x-request-id': 'r-1' } });

describe('a refusal', () => {
  it('keeps code, field and sentence of problem details', async () => {
    const problem = { code: 'invalid_input', status: 422, detail: 'Too short.', field: '/turns/0/text' };
    const error = await toApiError(reply(JSON.stringify(problem), 'application/problem+json', 422));
    expect(error).toMatchObject({ status: 422, code: 'invalid_input', message: 'Too short.', requestId: 'r-1' });
    expect(error.body.errors).toEqual({ 'turns.0.text': 'Too short.' });
  });

  it('names every field at fault', async () => {
    const errors = [
      { field: '/a', detail: 'A.' },
      { field: '/b', detail: 'B.' },
    ];
    const problem = { code: 'invalid_input', detail: 'Two faults.', field: '/a', errors };
    const error = await toApiError(reply(JSON.stringify(problem), 'application/problem+json', 422));
    expect(error.body.errors).toEqual({ a: 'A.', b: 'B.' });
  });

  it('makes do with a proxy’s page', async () => {
    const error = await toApiError(reply('<h1>Bad gateway</h1>', 'text/html', 502));
    expect(error).toMatchObject({ status: 502, code: 'http_502' });
  });
});
