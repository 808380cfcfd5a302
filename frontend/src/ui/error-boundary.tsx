import { Component, type ReactNode } from "react";
import { Failure } from "./failure";

interface ErrorBoundaryProps {
  title: string;
  children: ReactNode;
}

/** Keeps a broken panel from taking the page with it. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return (
      <div className="rounded-lg border border-line bg-surface">
        <Failure
          title={`${this.props.title} stopped working`}
          error={this.state.error}
          onRetry={() => this.setState({ error: null })}
        />
      </div>
    );
  }
}
