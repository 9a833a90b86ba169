import { Component, type ReactNode } from 'react';
import { ErrorState } from '../listing/ErrorState';

interface State {
  error: unknown;
}

/** A page that fails to draw leaves header and menu standing. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return <ErrorState error={this.state.error} onRetry={() => this.setState({ error: null })} />;
  }
}
