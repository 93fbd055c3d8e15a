import {
  type CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  type GetEventSelectorsCommandOutput,
  GetTrailStatusCommand,
} from '@aws-sdk/client-cloudtrail';

export type TrailFacts = {
  name: string;
  isLogging: boolean;
  isMultiRegion: boolean;
  homeRegion: string;
  /** Which management events it takes; undefined where that may not be read, as with an organization's trail. */
  takes: { reads: boolean; writes: boolean } | undefined;
};

type Selectors = Pick<GetEventSelectorsCommandOutput, 'EventSelectors' | 'AdvancedEventSelectors'>;

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html */
export const managementEventsOf = ({ EventSelectors = [], AdvancedEventSelectors = [] }: Selectors) => {
  const basic = EventSelectors.filter(({ IncludeManagementEvents }) => IncludeManagementEvents !== false).map(
    ({ ReadWriteType = 'All' }) => ReadWriteType,
  );
  const advanced = AdvancedEventSelectors.flatMap(({ FieldSelectors = [] }) => {
    const field = (name: string) => FieldSelectors.find(({ Field }) => Field === name)?.Equals;
    if (!field('eventCategory')?.includes('Management')) return [];
    const [readOnly] = field('readOnly') ?? [];
    return [readOnly === undefined ? 'All' : readOnly === 'true' ? 'ReadOnly' : 'WriteOnly'];
  });
  const types: readonly string[] = [...basic, ...advanced];
  const has = (type: string): boolean => types.includes('All') || types.includes(type);
  return { reads: has('ReadOnly'), writes: has('WriteOnly') };
};

/** Every trail that records this account, those of its organization too. */
export const trailFacts = async (
  client: CloudTrailClient,
  abortSignal: AbortSignal,
): Promise<readonly TrailFacts[]> => {
  const { trailList = [] } = await client.send(new DescribeTrailsCommand({}), { abortSignal });
  return Promise.all(
    trailList.map(async ({ Name = '', TrailARN = Name, IsMultiRegionTrail = false, HomeRegion = '' }) => {
      const [{ IsLogging = false }, takes] = await Promise.all([
        client.send(new GetTrailStatusCommand({ Name: TrailARN }), { abortSignal }),
        client.send(new GetEventSelectorsCommand({ TrailName: TrailARN }), { abortSignal }).then(
          managementEventsOf,
          // An organization's trail may be seen by a member and not be looked into.
          () => undefined,
        ),
      ]);
      return { name: Name, isLogging: IsLogging, isMultiRegion: IsMultiRegionTrail, homeRegion: HomeRegion, takes };
    }),
  );
};
