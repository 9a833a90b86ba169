import { sha256 } from '@qingnang/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bigrams,
  characterGrams,
  commonSubsequenceLength,
  dialogueHashes,
  diffTexts,
  findPrivate,
  identityHash,
  isResidentIdNumber,
  jaccard,
  nearDuplicateClusters,
  normaliseForIdentity,
  normaliseTurns,
  questionHash,
  stillRehearsal,
} from './index.js';

const role = fc.constantFrom('system' as const, 'patient' as const, 'doctor' as const);
const chinese = fc.string({ unit: fc.constantFrom(...'头痛发热咳嗽，。？！ \n　吃药ab19😀'), maxLength: 40 });
const dialogue = fc.array(fc.record({ role, text: chinese }), { maxLength: 12 });
const patient = (text: string) => ({ role: 'patient' as const, text });
const doctor = (text: string) => ({ role: 'doctor' as const, text });

describe('normalising turns', () => {
  it('merges, trims, drops and cuts, and says so', () => {
    const { turns, notes, questionOnly } = normaliseTurns([
      patient(' 头痛三天　'),
      patient('还有点低烧\r\n怕冷'),
      doctor(''),
      doctor('多久了？'),
      patient('谢谢'),
    ]);
    expect(turns).toEqual([patient('头痛三天\n还有点低烧\n怕冷'), doctor('多久了？')]);
    expect(notes).toEqual(['empty_turn_dropped', 'trailing_turn_cut', 'turns_merged']);
    expect(questionOnly).toBe(false);
  });

  it('keeps a dialogue without a doctor as a question', () => {
    expect(normaliseTurns([patient('能吃党参吗')])).toEqual({
      turns: [patient('能吃党参吗')],
      notes: ['answer_missing'],
      questionOnly: true,
    });
  });

  it('gives alternating turns that end on the doctor, and changes nothing the second time', () => {
    fc.assert(
      fc.property(dialogue, (turns) => {
        const once = normaliseTurns(turns);
        once.turns.forEach((turn, index) => {
          expect(turn.text).toBe(turn.text.trim());
          expect(turn.text).not.toBe('');
          if (index > 0) expect(turn.role).not.toBe(once.turns[index - 1]!.role);
        });
        if (!once.questionOnly) expect(once.turns.at(-1)!.role).toBe('doctor');
        expect(normaliseTurns(once.turns).turns).toEqual(once.turns);
      }),
    );
  });
});

describe('identity', () => {
  it('ignores width, white space, case and runs of punctuation', () => {
    expect(normaliseForIdentity('ＡＳＰＩＲＩＮ　１００ｍｇ，可以吗？？！')).toBe('aspirin 100mg,可以吗?');
    expect(normaliseForIdentity('头 痛。。。\n怎么办')).toBe('头痛.怎么办');
    expect(identityHash([patient('头痛？'), doctor('休息。')])).toBe(
      identityHash([patient('头痛?？'), doctor(' 休息.')]),
    );
  });

  it('has the hashes that records are stored under, both at once or each by itself', () => {
    const identity = '205f6b47d6f9793910063840c8947ef33e7bf6f53148e1b8aab65bc54c27c359';
    const question = '32ab612d37386443489f0f9c21cd752a778acffc01d2eeb0a7c89182db9b2b7f';
    const turns = [patient('头痛？'), doctor('休息。')];
    expect(dialogueHashes(turns)).toEqual({ identity, question });
    expect([identityHash(turns), questionHash(turns)]).toEqual([identity, question]);
    expect(dialogueHashes([doctor('休息。')]).question).toBeNull();
  });

  it('keeps apart what differs in meaning', () => {
    expect(normaliseForIdentity('(-5)')).not.toBe(normaliseForIdentity('(5)'));
    expect(identityHash([patient('a'), doctor('b')])).not.toBe(identityHash([patient('ab')]));
    expect(identityHash([patient('a')])).not.toBe(identityHash([doctor('a')]));
  });

  it('is stable under itself', () => {
    fc.assert(
      fc.property(fc.oneof(chinese, fc.string({ unit: 'grapheme' })), (text) => {
        expect(normaliseForIdentity(normaliseForIdentity(text))).toBe(normaliseForIdentity(text));
      }),
    );
  });

  it('hashes only the patient words before the first doctor turn as the question', () => {
    const question = questionHash([patient('头痛')]);
    expect(question).toBe(sha256('["头痛"]'));
    expect(questionHash([{ role: 'system', text: '你是医生' }, patient('头痛'), doctor('休息'), patient('好')])).toBe(
      question,
    );
    expect(questionHash([doctor('您好'), patient('头痛')])).toBeNull();
  });
});

describe('bigrams and near duplicates', () => {
  it('finds two-character words whatever stands around them', () => {
    expect(bigrams('高血压，吃 B12')).toEqual(['高血', '血压', '吃b', 'b1', '12']);
    expect(bigrams('血压').every((pair) => bigrams('得了高血压怎么办').includes(pair))).toBe(true);
  });

  it('measures Jaccard like the naive count', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(9)), fc.uniqueArray(fc.nat(9)), (a, b) => {
        const union = new Set([...a, ...b]).size;
        const shared = a.filter((item) => b.includes(item)).length;
        expect(jaccard(new Set(a.map(String)), new Set(b.map(String)))).toBe(union === 0 ? 1 : shared / union);
      }),
    );
    expect([...characterGrams('头痛')]).toEqual(['头痛']);
    expect([...characterGrams('头痛、三天了啊')]).toEqual(['头痛三天了', '痛三天了啊']);
  });

  it('cuts grams between characters, also those written as a pair of units', () => {
    expect([...characterGrams('𠮷野家𠮷头痛', 3)]).toEqual(['𠮷野家', '野家𠮷', '家𠮷头', '𠮷头痛']);
    expect([...characterGrams('𠮷野', 5)]).toEqual(['𠮷野']);
    expect([...characterGrams('、。', 5)]).toEqual([]);
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('头', '痛', '𠮷', 'a', '，', ' ') }),
        fc.integer({ min: 1, max: 6 }),
        (text, n) => {
          const characters = [...normaliseForIdentity(text).replace(/[^\p{L}\p{N}]+/gu, '')];
          const grams = characters.slice(n - 1).map((_, i) => characters.slice(i, i + n).join(''));
          const short = characters.length > 0 && characters.length < n ? [characters.join('')] : [];
          expect([...characterGrams(text, n)]).toEqual([...new Set([...short, ...grams])]);
        },
      ),
    );
  });

  it('chains near duplicates into clusters and leaves strangers alone', () => {
    const base = '孩子反复咳嗽两周，夜里加重，没有发热，吃了止咳药不见好，需要做什么检查吗';
    const clusters = nearDuplicateClusters([
      base,
      '糖尿病人能不能吃西瓜，一天吃多少合适',
      `${base}？`,
      base.replace('两周', '三周'),
    ]);
    expect(clusters).toEqual([[0, 2, 3]]);
  });
});

describe('differences', () => {
  it('rebuild both texts', () => {
    fc.assert(
      fc.property(chinese, chinese, (before, after) => {
        const parts = diffTexts(before, after);
        const without = (op: string) =>
          parts
            .filter((part) => part.op !== op)
            .map((part) => part.text)
            .join('');
        expect(without('insert')).toBe(before);
        expect(without('delete')).toBe(after);
        expect(parts.some((part) => /\p{Surrogate}/u.test(part.text))).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('fold chance characters into the edits around them', () => {
    expect(diffTexts('多喝水', '多喝水')).toEqual([{ op: 'equal', text: '多喝水' }]);
    expect(diffTexts('注意休息的好', '好好吃饭的饱').length).toBeLessThanOrEqual(2);
  });
});

describe('rehearsal', () => {
  it('measures the longest common subsequence like the definition', () => {
    const naive = (a: string[], b: string[]): number =>
      a.length === 0 || b.length === 0
        ? 0
        : a[0] === b[0]
          ? 1 + naive(a.slice(1), b.slice(1))
          : Math.max(naive(a.slice(1), b), naive(a, b.slice(1)));
    const short = fc.string({ unit: fc.constantFrom('头', '痛', '😀'), maxLength: 7 });
    fc.assert(
      fc.property(short, short, (a, b) => {
        expect(commonSubsequenceLength(a, b)).toBe(naive([...a], [...b]));
      }),
    );
  });

  it('ends with the doctor’s own words or under half in common with every ancestor', () => {
    const rehearsal = '您好，建议多喝水，注意休息。';
    expect(stillRehearsal(rehearsal, '多喝水', [rehearsal])).toBe(true);
    expect(stillRehearsal('多喝水 ', '多喝水', [rehearsal])).toBe(false);
    expect(stillRehearsal('多喝水', null, [rehearsal])).toBe(true);
    expect(stillRehearsal('先量体温再来门诊复查', null, [rehearsal, '请按时服药'])).toBe(false);
    expect(stillRehearsal('先量体温再来门诊复查', null, [rehearsal, '先量体温'])).toBe(false);
    expect(stillRehearsal('先量体温再来门诊复查', null, [rehearsal, '先量体温复'])).toBe(true);
    expect(stillRehearsal('任意', null, [])).toBe(false);
  });
});

describe('private data', () => {
  const idNumber = (body: string): string => {
    const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    return body + '10X98765432'[weights.reduce((sum, weight, i) => sum + weight * Number(body[i]), 0) % 11]!;
  };

  it('accepts the one right check character of an identity number and refuses the ten others', () => {
    const bodies = fc
      .tuple(
        fc.integer({ min: 100000, max: 999999 }),
        fc.date({ min: new Date('1900-01-01'), max: new Date('2020-12-31'), noInvalidDate: true }),
        fc.nat(999),
      )
      .map(
        ([area, date, serial]) =>
          `${area}${date.toISOString().slice(0, 10).replaceAll('-', '')}${String(serial).padStart(3, '0')}`,
      );
    fc.assert(
      fc.property(bodies, (body) => {
        expect([...'0123456789X'].filter((check) => isResidentIdNumber(body + check))).toEqual([idNumber(body).at(-1)]);
      }),
    );
  });

  it('finds spans at their places, also in full-width digits', () => {
    const id = idNumber('11010519900307234');
    const text = `电话１３８００１３８０００，身份证${id}，邮箱li.wei@example.com，座机010-62345678，体重138`;
    expect(findPrivate(text).map(({ kind, start, end }) => [kind, text.slice(start, end)])).toEqual([
      ['phone', '１３８００１３８０００'],
      ['id_number', id],
      ['email', 'li.wei@example.com'],
      ['phone', '010-62345678'],
    ]);
    expect(findPrivate('订单号 138001380001234，血压 138/90，+86 138 0013 8000').map((span) => span.kind)).toEqual([
      'phone',
    ]);
  });
});
