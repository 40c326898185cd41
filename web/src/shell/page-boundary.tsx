import { Component, type ReactNode } from 'react';
import { NetxfwError } from '../../../src/model/errors.ts';
import { FailureState } from '../parts/states.tsx';

interface Props {
  readonly children: ReactNode;
}

/** Keeps the frame alive when one page fails: most likely its code could not be fetched, because the daemon is gone. */
export class PageBoundary extends Component<Props, { readonly failure: unknown }> {
  override state = { failure: null };

  static getDerivedStateFromError(failure: unknown) {
    return { failure };
  }

  override render() {
    const { failure } = this.state;
    if (failure === null) return this.props.children;
    return <FailureState error={asFailure(failure)} onRetry={() => location.reload()} />;
  }
}

/** Browsers word it differently, but all of them reject a module that they cannot fetch with a TypeError. */
function asFailure(failure: unknown): NetxfwError {
  if (failure instanceof TypeError && /module|import/i.test(failure.message)) {
    return new NetxfwError('DAEMON_UNREACHABLE', 'the page could not be fetched', { cause: failure });
  }
  return NetxfwError.from(failure);
}
