import { QueryClient } from '@tanstack/react-query';

/** A refusal is final; a lost line is tried twice more. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, error) => count < 2 && ((error as { status?: number }).status ?? 0) === 0,
      refetchOnWindowFocus: false,
      staleTime: 5_000,
    },
  },
});
