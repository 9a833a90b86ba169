import { type ReactNode, useState } from 'react';
import { SkipDialog } from './SkipDialog';

interface Skippable {
  hasWritten(): boolean;
  skip(): Promise<void>;
}

/** Puts the task aside; where something was written, it asks first. Keys of the page rest while it asks. */
export function useSkip(sitting: Skippable): { skip: () => void; asking: boolean; dialog: ReactNode } {
  const [asking, setAsking] = useState(false);
  const skipNow = () => {
    setAsking(false);
    void sitting.skip();
  };
  return {
    skip: () => (sitting.hasWritten() ? setAsking(true) : skipNow()),
    asking,
    dialog: asking && <SkipDialog onStay={() => setAsking(false)} onSkip={skipNow} />,
  };
}
