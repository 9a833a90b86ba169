import { createReadStream } from 'node:fs';
import { StreamableFile } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { RunInputFile } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';

/**
 * Streams a file whose content is known by hash, from the byte on that `Range: bytes=N-` names. With `If-Range` a file
 * that is another one by now is sent whole.
 * @throws DomainError `file.range` (416)
 */
export function sendFile(request: Request, response: Response, file: RunInputFile & { place: string }): StreamableFile {
  const tag = `"${file.sha256}"`;
  response.setHeader('ETag', tag);
  response.setHeader('Accept-Ranges', 'bytes');
  const start = startOf(request, tag);
  if (start > 0 && start >= file.bytes) {
    throw new DomainError({ code: 'file.range', status: 416, detail: `The file has ${file.bytes} bytes.` });
  }
  if (start > 0) {
    response.status(206);
    response.setHeader('Content-Range', `bytes ${start}-${file.bytes - 1}/${file.bytes}`);
  }
  return new StreamableFile(createReadStream(file.place, { start }), {
    type: 'application/octet-stream',
    length: file.bytes - start,
  });
}

function startOf(request: Request, tag: string): number {
  const condition = request.header('if-range');
  if (condition !== undefined && condition !== tag) return 0;
  return Number(/^bytes=(\d{1,15})-$/.exec(request.header('range') ?? '')?.[1] ?? 0);
}
