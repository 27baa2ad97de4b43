/** Which series of a metric are meant: each label is exactly this, or one of these. */
export type Labels = Readonly<Record<string, string | readonly string[]>>;

/** Where counts come from. */
export interface MetricsSource {
  /**
   * How much the series of a counter rose together since `since`, a whole number; 0 where there are none.
   * Throws DeliveryError NO_METRICS when nobody answers.
   */
  readonly readIncrease: (name: string, labels: Labels) => Promise<number>;
  /** The newest value of a gauge, the highest of several; undefined where there is none. */
  readonly readGauge: (name: string, labels: Labels) => Promise<number | undefined>;
}
