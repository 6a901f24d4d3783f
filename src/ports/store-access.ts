/** What proves who asks and must be remembered: assertions that were used. */
import type { ChannelId } from '../terms/channel.ts';
import type { Instant } from '../terms/instant.ts';

export interface AccessStore {
  /** True the first time, false when this assertion of the channel was used before. */
  useAssertion(assertion: {
    readonly channel: ChannelId;
    readonly mac: string;
    readonly expiresAt: Instant;
  }): Promise<boolean>;
  /** Forgets those that have expired: they are refused by their time. Answers how many. */
  forgetAssertions(before: Instant): Promise<number>;
}
