import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { repositoryRoot } from '@qingnang/config';

export interface SourceFile {
  /** Relative to the repository, with `/`. */
  path: string;
  text: string;
  lines: number;
  syntax: ts.SourceFile;
  /** What it imports or re-exports, as written. */
  imports: string[];
}

const FOLDERS = ['apps', 'libs', 'migrations', 'training', 'test'];
const LEFT_OUT = new Set(['node_modules', 'dist', 'golden', 'public']);

/** Every TypeScript file of ours, parsed. */
export function readSourceTree(): SourceFile[] {
  const root = repositoryRoot();
  return FOLDERS.flatMap((folder) => [...filesBelow(join(root, folder))]).map((file) => {
    const text = readFileSync(file, 'utf8');
    const kind = file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
    return {
      path: relative(root, file),
      text,
      lines: text.split('\n').length - 1,
      syntax: ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true, kind),
      imports: ts.preProcessFile(text, true, true).importedFiles.map((entry) => entry.fileName),
    };
  });
}

function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (LEFT_OUT.has(entry.name)) continue;
    if (entry.isDirectory()) yield* filesBelow(join(folder, entry.name));
    else if (/\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts')) yield join(folder, entry.name);
  }
}

export const isTest = (path: string): boolean =>
  /\.(test|tool)\.tsx?$/.test(path) || path.startsWith('test/') || path.includes('/testing/');

/** The file of ours an import leads to, or null for a package. */
export function importTarget(file: SourceFile, specifier: string): string | null {
  const alias = /^@qingnang\/([a-z]+)$/.exec(specifier);
  if (alias) return `libs/${alias[1]}/src/index.ts`;
  if (!specifier.startsWith('.')) return null;
  const root = repositoryRoot();
  return relative(root, resolve(root, dirname(file.path), specifier)).replace(/\.js$/, '.ts');
}

export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

/** Groups of files that import each other in a ring (Tarjan's strongly connected components). */
export function importCycles(files: readonly SourceFile[]): string[][] {
  const graph = importGraph(files);
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const rings: string[][] = [];
  const visit = (path: string): void => {
    index.set(path, index.size);
    low.set(path, index.get(path)!);
    stack.push(path);
    for (const next of graph.get(path) ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(path, Math.min(low.get(path)!, low.get(next)!));
    }
    if (low.get(path) !== index.get(path)) return;
    const ring = stack.splice(stack.indexOf(path));
    if (ring.length > 1) rings.push(ring);
  };
  for (const path of graph.keys()) if (!index.has(path)) visit(path);
  return rings;
}

function importGraph(files: readonly SourceFile[]): Map<string, string[]> {
  const known = new Set(files.map((file) => file.path));
  const resolved = (target: string): string | undefined =>
    [target, `${target}x`, `${target}.ts`, `${target}.tsx`, `${target}/index.ts`].find((path) => known.has(path));
  return new Map(
    files.map((file) => [
      file.path,
      file.imports.flatMap((name) => {
        const target = importTarget(file, name);
        return (target && resolved(target)) || [];
      }),
    ]),
  );
}
