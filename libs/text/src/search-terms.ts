const QUOTED = /"([^"]*[^"\s][^"]*)"|“([^”]*[^”\s][^”]*)”|「([^」]*[^」\s][^」]*)」|(\S+)/gu;
const MOST_TERMS = 8;

/**
 * What a person looks for: words between spaces, and phrases between quotation marks (`"…"`, `“…”`, `「…」`), each once. All
 * of them must be found, in any order. An open quotation mark is an ordinary character. At most eight count.
 */
export function searchTerms(query: string): string[] {
  const terms = Array.from(query.matchAll(QUOTED), (match) => (match[1] ?? match[2] ?? match[3] ?? match[4])!.trim());
  return [...new Set(terms.filter((term) => term !== ''))].slice(0, MOST_TERMS);
}
