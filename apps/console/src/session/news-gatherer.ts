/** News come in bursts while a job runs; reading again more often than this shows nothing more. */
const GATHER_MS = 1_000;
/** The dashboard counts everything, and every page's header asks for it. */
const DASHBOARD_MS = 10_000;

/** Gathers what changed, and says of it what is to be read again: a topic soon, the dashboard at most every ten seconds. */
export class NewsGatherer {
  private readonly topics = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private dashboardTimer: ReturnType<typeof setTimeout> | undefined;
  private dashboardAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly readAgain: (topics: ReadonlySet<string>) => void) {}

  /** `*` is everything. */
  add(topic: string): void {
    this.topics.add(topic);
    this.timer ??= setTimeout(() => this.tell(), GATHER_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
    clearTimeout(this.dashboardTimer);
    this.timer = this.dashboardTimer = undefined;
    this.topics.clear();
  }

  private tell(): void {
    this.timer = undefined;
    const topics = new Set(this.topics);
    this.topics.clear();
    // A schedule shows how its runs do.
    if (topics.has('runs')) topics.add('schedules');
    const wait = this.dashboardAt + DASHBOARD_MS - Date.now();
    if (topics.has('*') || wait <= 0) topics.add('dashboard');
    else this.dashboardTimer ??= setTimeout(() => this.tellDashboard(), wait);
    if (topics.has('dashboard')) this.noteDashboard();
    this.readAgain(topics);
  }

  private tellDashboard(): void {
    this.noteDashboard();
    this.readAgain(new Set(['dashboard']));
  }

  private noteDashboard(): void {
    clearTimeout(this.dashboardTimer);
    this.dashboardTimer = undefined;
    this.dashboardAt = Date.now();
  }
}
