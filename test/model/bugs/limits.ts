import { countOf } from '#core/limits.ts';
import { withinLimits } from '#usecases/within-limits.ts';
import { useCases } from '../does.ts';
import type { ModelPorts } from '../instrument.ts';
import type { Bug } from './bug.ts';

type Save = ModelPorts['requests']['save'];
const saving = <P extends Pick<ModelPorts, 'requests'>>(ports: P, save: Save): P => ({
  ...ports,
  requests: { ...ports.requests, save },
});

export const countsLate: Bug = {
  name: 'counts a session when its credentials are on record',
  breaks: 'who mints at the same time, or whose answer is lost, has more than there may be',
  ports: (ports) => {
    let late: Parameters<Save>[0]['counts'];
    return saving(ports, async ({ counts, ...change }) => {
      const of = counts?.filter(({ limit }) => limit === 'sessions');
      if (!of || of.length === 0) {
        await ports.requests.save({ ...change, counts: [...(counts ?? []), ...(late ?? [])] });
        late = undefined;
        return;
      }
      await ports.requests.save(change);
      late = of;
    });
  },
};

export const limitsEnds: Bug = {
  name: 'counts an end as it counts an ask',
  breaks: 'whoever has asked too often cannot end what they have',
  does: {
    endGrant: async (who, ports) => {
      const { asksPerHour } = (await ports.policy.current()).requests;
      const counts = [countOf('asks', who.personId, ports.clock.nowMs(), asksPerHour)];
      const counting = saving(ports, (change) => ports.requests.save({ ...change, counts }));
      return withinLimits(counts, ports.clock.nowMs(), () => useCases.endGrant(who, counting));
    },
  },
};
