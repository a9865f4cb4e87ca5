/** Names of the features that an expression may use. The catalogue declares it, the features module fills it. */
export abstract class KnownFeatures {
  /** One number each: `features.<name>` in CEL. */
  abstract scalarNames(): readonly string[];
  /** Kept apart by action, product, channel, …: the model reads them, expressions cannot. */
  abstract keyedNames(): readonly string[];
}
