import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Page } from '../api/shapes';
import { useWords } from '../language';
import { Loading, Trouble } from './states';

interface PagesProps<Item> {
  /** Names the list; the first part says of what kind it is. */
  of: readonly unknown[];
  read: (cursor: string | undefined) => Promise<Page<Item>>;
  children: (items: Item[]) => ReactNode;
  empty: ReactNode;
}

/** A list that is read page by page. */
export function PagesOf<Item>({ of, read, children, empty }: PagesProps<Item>) {
  const words = useWords();
  const pages = useInfiniteQuery({
    queryKey: of,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  if (pages.isPending) return <Loading />;
  if (pages.error) return <Trouble cause={pages.error} retry={() => void pages.refetch()} />;
  const items = pages.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return empty;
  return (
    <>
      {children(items)}
      {pages.hasNextPage && (
        <button
          type="button"
          className="more"
          disabled={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {words('more')}
        </button>
      )}
    </>
  );
}
