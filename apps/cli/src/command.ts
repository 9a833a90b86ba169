/** What the command line can do: one file of `commands/` each, loaded only when asked for. */
export interface Command {
  about: string;
  /** Arguments as shown in the help, e.g. `LOGIN` or `FILE --source ID`. */
  usage?: string;
  /** Returns the exit code, 0 if nothing. Expected failures are thrown as DomainError and printed as one line. */
  load(): Promise<{ run(args: string[]): Promise<number | void> }>;
}
