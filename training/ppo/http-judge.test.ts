import { afterEach, describe, expect, it } from 'vitest';
import { resolveRunConfig, type JudgeConfig } from '@qingnang/contracts';
import { startScoreServer, type ScoreReply, type ScoreServer } from '../testing/score-server.js';
import { HttpJudge } from './http-judge.js';
import { scoreResponses } from './score-responses.js';

let server: ScoreServer;

async function judgeServer(reply: Parameters<typeof startScoreServer>[0]): Promise<string> {
  server = await startScoreServer(reply);
  return server.url;
}

function settings(change: Partial<JudgeConfig> = {}): JudgeConfig {
  const config = resolveRunConfig({ method: 'ppo', ppo: { judge: change } });
  return config.method === 'ppo' ? config.ppo.judge! : (undefined as never);
}

const waited: number[] = [];
function judge(url: string, change: Partial<JudgeConfig> = {}, token: string | null = null): HttpJudge {
  waited.length = 0;
  const wait = (ms: number): Promise<void> => (waited.push(ms), Promise.resolve());
  return new HttpJudge({ url, token, config: settings(change), decode: (ids) => ids.join(' '), wait });
}

const response = (id: number, reference: string | null = '多喝水') => ({
  promptIds: Int32Array.of(5, 6),
  responseIds: Int32Array.of(id),
  reference,
});

describe('a judge over HTTP', () => {
  afterEach(() => server.close());

  it('sees question, response and reference, and its scores come back in order', async () => {
    const url = await judgeServer(({ response: said }) => ({ body: { score: Number(said) / 2 } }));
    const scores = await judge(url, {}, 'secret').score([7, 8, 9, 10].map((id) => response(id)));
    expect(scores).toEqual([3.5, 4, 4.5, 5]);
    expect(server.asked.find(({ body }) => body['response'] === '7')).toEqual({
      body: { prompt: '5 6', response: '7', reference: '多喝水' },
      token: 'Bearer secret',
    });
  });

  it('hears the turns of a conversation, where they are known', async () => {
    const url = await judgeServer(() => ({ body: { score: 1 } }));
    await judge(url).score([{ ...response(7), promptText: '患者：头痛\n医生：多久了？\n患者：两天' }]);
    expect(server.asked[0]!.body['prompt']).toBe('患者：头痛\n医生：多久了？\n患者：两天');
  });

  it('asks a chat model for a number, with the reference only where there is one', async () => {
    const content = '依据参考答案 3 条，{"score": 8.5}';
    const url = await judgeServer(() => ({ body: { choices: [{ message: { content } }] } }));
    const [score] = await judge(url, { protocol: 'openai', model: 'judge-1' }).score([response(7, null)]);
    expect(score).toBe(8.5);
    const { model, messages } = server.asked[0]!.body as {
      model: string;
      messages: { role: string; content: string }[];
    };
    expect(model).toBe('judge-1');
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(messages[1]!.content).not.toContain('参考答案');
  });

  it('takes the score that is named, however the reply goes on', async () => {
    const content = '{"score": 7.5}（满分 10 分）';
    const url = await judgeServer(() => ({ body: { choices: [{ message: { content } }] } }));
    expect(await judge(url, { protocol: 'openai' }).score([response(7)])).toEqual([7.5]);
  });

  it('tries again later where it may help, as long as the server says', async () => {
    const replies: ScoreReply[] = [
      { status: 503 },
      { status: 429, headers: { 'retry-after': '7' } },
      { body: { score: 1 } },
    ];
    const url = await judgeServer((_, nth) => replies[nth - 1]!);
    expect(await judge(url).score([response(7)])).toEqual([1]);
    expect(waited).toEqual([500, 7000]);
  });

  it('gives up on a refusal at once, and on silence after the last try, naming the remedy', async () => {
    const refusing = await judgeServer(() => ({ status: 401 }));
    await expect(judge(refusing).score([response(7)])).rejects.toThrow(/HTTP 401.*--resume/);
    expect(server.asked).toHaveLength(1);
    await server.close();
    const silent = await judgeServer(() => 'hang');
    await expect(judge(silent, { attempts: 2, timeout_seconds: 1 }).score([response(7)])).rejects.toThrow(
      /no answer within 1 s/,
    );
    expect(server.asked).toHaveLength(2);
  });

  it('asks nothing more once one response has failed for good, and tells that failure', async () => {
    const url = await judgeServer(({ response: id }) => (id === '7' ? { status: 401 } : { body: { score: 1 } }));
    const many = [7, ...Array.from({ length: 60 }, () => 8)].map((id) => response(id));
    await expect(judge(url, { concurrency: 2 }).score(many)).rejects.toThrow(/HTTP 401/);
    const asked = server.asked.length;
    // Time for a worker that went on to be seen; the request that was ended may still arrive.
    for (let again = 0; again < 10; again++) await judge(url).score([response(9)]);
    expect(server.asked.length).toBeLessThanOrEqual(asked + 11);
  });

  it('wakes those that wait for an answer or for their next try when one has failed for good', async () => {
    const url = await judgeServer(
      ({ response: id }) => ({ 7: { status: 401 }, 8: { status: 503 } })[id as string] ?? 'hang',
    );
    const patient = new HttpJudge({ url, token: null, config: settings({ concurrency: 3 }), decode: String });
    await expect(patient.score([9, 8, 7].map((id) => response(id)))).rejects.toThrow(/HTTP 401/);
  });

  it('scores alone, normalised and weighed', async () => {
    const url = await judgeServer(() => ({ body: { score: 9 } }));
    const prompts = [{ rowId: 'r', promptId: 'p', ids: Int32Array.of(5), reference: null }];
    const source = judge(url, { mean: 5, sd: 2, weight: 0.5 });
    const scores = await scoreResponses(
      { reward: null, normalisation: { mean: 0, sd: 1 }, judge: source },
      prompts,
      [Int32Array.of(7)],
      [Int32Array.of(5, 7)],
    );
    expect(scores).toEqual({ total: [1], reward: null, judge: [2] });
  });
});
