import type { ChatEvent, ChatPartner } from '@qingnang/contracts';
import { useRef, useState } from 'react';
import { ApiError } from '../providers/api-error';
import { EventParser } from '../providers/event-parser';
import { sendSignedIn } from '../providers/http';
import { projectPath } from '../session/project';
import { afterEvent, requestOf, type Said, stopped } from './chat-model';

async function readReply(body: unknown, signal: AbortSignal, onEvent: (event: ChatEvent) => void): Promise<void> {
  const response = await sendSignedIn(projectPath('/chat'), { method: 'POST', body, signal });
  if (!response.body) return;
  const parser = new EventParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    for (const { data } of parser.feed(part.value)) onEvent(JSON.parse(data) as ChatEvent);
  }
}

/** A talk kept in this page only: what was said, whether a reply is on its way, why the last one was refused. */
export function useChat(partner: ChatPartner | null, single: boolean) {
  const [talk, setTalk] = useState<Said[]>([]);
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const stopper = useRef<AbortController | null>(null);

  /** @returns whether it was taken; a refused message goes back to the field */
  async function send(text: string): Promise<boolean> {
    if (!partner || busy) return false;
    const asked: Said[] = [...talk, { role: 'user', text }];
    const { signal } = (stopper.current = new AbortController());
    setBusy(true);
    setError(null);
    setTalk([...asked, { role: 'assistant', text: '' }]);
    try {
      await readReply(requestOf(asked, partner, single), signal, (event) =>
        setTalk((before) => afterEvent(before, event)),
      );
      return true;
    } catch (reason) {
      if (signal.aborted) {
        setTalk(stopped);
        return true;
      }
      setError(reason instanceof ApiError ? reason : new ApiError(0, { code: 'network' }));
      setTalk(talk);
      return false;
    } finally {
      setBusy(false);
    }
  }

  const stop = () => stopper.current?.abort();
  const clear = () => {
    stop();
    setTalk([]);
    setError(null);
  };
  return { talk, error, busy, send, stop, clear };
}
