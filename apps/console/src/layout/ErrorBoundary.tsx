import { Component, type ReactNode } from 'react';
import { ErrorState } from '../listing/ErrorState';
import { lookNow } from '../providers/connection';
import { onReturn } from '../providers/returns';

interface State {
  error: unknown;
}

/** The page's own code did not come, and will not: a browser remembers that, until the console is loaded anew. */
function isMissingCode(error: unknown): boolean {
  return error instanceof TypeError && /module|import/i.test(error.message);
}

/** A page that fails to draw leaves header and menu standing. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };
  private stopListening = (): void => undefined;

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override componentDidCatch(error: unknown): void {
    if (isMissingCode(error)) lookNow();
  }

  override componentDidMount(): void {
    this.stopListening = onReturn(() => isMissingCode(this.state.error) && this.tryAgain());
  }

  override componentWillUnmount(): void {
    this.stopListening();
  }

  private readonly tryAgain = (): void => {
    if (isMissingCode(this.state.error)) window.location.reload();
    else this.setState({ error: null });
  };

  override render() {
    if (this.state.error === null) return this.props.children;
    return <ErrorState error={this.state.error} onRetry={this.tryAgain} />;
  }
}
