import { dirname } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { importCycles, importTarget, isTest, readSourceTree, type SourceFile, walk } from './support/source-tree.js';

/** Imports run down this list only. */
const LIBRARIES = [
  ...['runs', 'evaluation', 'snapshot', 'suites', 'preference', 'review', 'rehearsal'],
  ...['polish', 'distill', 'corpus'],
  ...[
    'identity',
    'audit',
    'judge',
    'llm',
    'queue',
    'storage',
    'database',
    'config',
    'stats',
    'text',
    'contracts',
    'kernel',
  ],
];

const FILE_LINES = 400;
/** A library's index is a list of names; that of the contracts names every schema of the API. */
const INDEX_LINES = 900;
const FOLDER_FILES = 15;
const CONSTRUCTOR_PARAMETERS = 6;
const METHOD_LINES = 40;
/** A training loop may show whole. */
const TRAINING_METHOD_LINES = 150;
/** Mark-up counts as lines without being logic. */
const COMPONENT_LINES = 80;
const MEDIAN_LINES = 90;

const files = readSourceTree();
const code = files.filter((file) => !isTest(file.path));
const isIndex = (path: string): boolean => /^libs\/[^/]+\/src\/index\.ts$/.test(path);
const libraryOf = (path: string): string | undefined => /^libs\/([^/]+)\//.exec(path)?.[1];

/** Every import of these files that `fault` objects to, as `file → import`. */
function faultyImports(from: readonly SourceFile[], fault: (file: SourceFile, name: string) => boolean): string[] {
  return from.flatMap((file) =>
    file.imports.filter((name) => fault(file, name)).map((name) => `${file.path} → ${name}`),
  );
}

function nodesOf<T>(from: readonly SourceFile[], pick: (node: ts.Node, file: SourceFile) => T | undefined): T[] {
  return from.flatMap((file) => {
    const found: T[] = [];
    walk(file.syntax, (node) => {
      const picked = pick(node, file);
      if (picked !== undefined) found.push(picked);
    });
    return found;
  });
}

function place(node: ts.Node): { line: number; lines: number } {
  const source = node.getSourceFile();
  const first = source.getLineAndCharacterOfPosition(node.getStart()).line;
  const last = source.getLineAndCharacterOfPosition(node.getEnd()).line;
  return { line: first + 1, lines: last - first + 1 };
}

describe('imports', () => {
  it('run down the list of libraries only', () => {
    const libraries = code.filter((file) => libraryOf(file.path));
    expect(libraries.map((file) => libraryOf(file.path)!).filter((name) => !LIBRARIES.includes(name))).toEqual([]);
    const upward = faultyImports(libraries, (file, name) => {
      const target = /^@qingnang\/([a-z]+)/.exec(name)?.[1];
      return target !== undefined && LIBRARIES.indexOf(target) <= LIBRARIES.indexOf(libraryOf(file.path)!);
    });
    expect(upward).toEqual([]);
  });

  it('enter a library by its one index', () => {
    expect(faultyImports(files, (_file, name) => /^@qingnang\/[^/]+\//.test(name))).toEqual([]);
    const foreign = faultyImports(code, (file, name) => {
      const target = importTarget(file, name);
      return name.startsWith('.') && libraryOf(target ?? '') !== libraryOf(file.path);
    });
    expect(foreign).toEqual([]);
  });

  it('climb one folder at most, but to the migrations', () => {
    const inner = code.filter((file) => /^(libs|training|apps\/(api|worker|cli|rehearsal))\//.test(file.path));
    const climbing = faultyImports(
      inner,
      (file, name) => name.startsWith('../../') && importTarget(file, name) !== 'migrations/index.ts',
    );
    expect(climbing).toEqual([]);
  });

  it('keep the apps apart', () => {
    const appOf = (path: string): string | undefined => /^apps\/([^/]+)\//.exec(path)?.[1];
    const across = faultyImports(code, (file, name) => {
      const app = appOf(importTarget(file, name) ?? '');
      return app !== undefined && app !== appOf(file.path);
    });
    expect(across).toEqual([]);
  });

  it('let the console know contracts and text only, and the trainer contracts, text and kernel', () => {
    const of = (folder: string, allowed: string[]) =>
      faultyImports(
        code.filter((file) => file.path.startsWith(folder)),
        (file, name) => {
          const target = importTarget(file, name);
          const library = libraryOf(target ?? '');
          if (library) return !allowed.includes(library);
          return target !== null && !target.startsWith(folder);
        },
      );
    expect(of('apps/console/', ['contracts', 'text'])).toEqual([]);
    expect(of('training/', ['contracts', 'text', 'kernel'])).toEqual([]);
  });

  it('keep contracts to zod and the kernel to Node', () => {
    const of = (library: string) => code.filter((file) => libraryOf(file.path) === library);
    expect(faultyImports(of('contracts'), (_file, name) => !name.startsWith('.') && name !== 'zod')).toEqual([]);
    expect(faultyImports(of('kernel'), (_file, name) => !/^(\.|node:)/.test(name))).toEqual([]);
  });

  it('make no rings', () => {
    expect(importCycles(code)).toEqual([]);
  });
});

describe('files', () => {
  it('are short', () => {
    expect(
      files
        .filter((file) => file.lines > (isIndex(file.path) ? INDEX_LINES : FILE_LINES))
        .map((file) => `${file.path}: ${file.lines}`),
    ).toEqual([]);
    const lengths = code.map((file) => file.lines).sort((a, b) => a - b);
    expect(lengths[lengths.length >> 1]).toBeLessThanOrEqual(MEDIAN_LINES);
  });

  it('lie in folders that can be overlooked', () => {
    const counts = new Map<string, number>();
    // Migrations grow by nature, and unit tests double what they lie beside.
    for (const { path } of code.filter((file) => !file.path.startsWith('migrations/'))) {
      counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
    }
    expect([...counts].filter(([, count]) => count > FOLDER_FILES)).toEqual([]);
  });

  it('are named in kebab-case outside the console', () => {
    const named = files.filter((file) => !file.path.startsWith('apps/console/'));
    expect(named.map((file) => file.path).filter((path) => !/(^|\/)[a-z0-9-]+(\.[a-z-]+)*\.ts$/.test(path))).toEqual(
      [],
    );
  });

  it('are gathered by one index a library, and by no other', () => {
    const indexes = code.map((file) => file.path).filter((path) => /^libs\/.*\/index\.ts$/.test(path));
    const libraries = [...new Set(code.flatMap((file) => libraryOf(file.path) ?? []))];
    expect(indexes.sort()).toEqual(libraries.map((name) => `libs/${name}/src/index.ts`).sort());
  });
});

describe('code', () => {
  it('names what it exports', () => {
    const stars = nodesOf(files, (node, file) =>
      ts.isExportDeclaration(node) && !node.exportClause ? file.path : undefined,
    );
    expect(stars).toEqual([]);
  });

  it('reads the environment in the settings only', () => {
    const readers = code.filter(
      (file) => /\bprocess\s*\.\s*env\b/.test(file.text) && libraryOf(file.path) !== 'config',
    );
    expect(readers.map((file) => file.path)).toEqual([]);
  });

  it('has no any', () => {
    const found = nodesOf(code, (node, file) =>
      node.kind === ts.SyntaxKind.AnyKeyword ? `${file.path}:${place(node).line}` : undefined,
    );
    expect(found).toEqual([]);
  });

  it('gives a class six collaborators at most', () => {
    const crowded = nodesOf(code, (node, file) =>
      ts.isConstructorDeclaration(node) && node.parameters.length > CONSTRUCTOR_PARAMETERS ? file.path : undefined,
    );
    expect(crowded).toEqual([]);
  });

  it('keeps methods and functions to one screen', () => {
    const limitOf = (path: string): number =>
      path.startsWith('training/') ? TRAINING_METHOD_LINES : path.endsWith('.tsx') ? COMPONENT_LINES : METHOD_LINES;
    // A migration is one long statement.
    const checked = code.filter((file) => !file.path.startsWith('migrations/'));
    const long = nodesOf(checked, (node, file) => {
      if (!ts.isMethodDeclaration(node) && !ts.isFunctionDeclaration(node)) return undefined;
      const { line, lines } = place(node);
      return lines > limitOf(file.path) ? `${file.path}:${line}: ${lines} lines` : undefined;
    });
    expect(long).toEqual([]);
  });
});
