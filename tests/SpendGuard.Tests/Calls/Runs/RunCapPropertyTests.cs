using CsCheck;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Calls;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Tests.Calls.Runs;

/// <summary>Whatever is called within a run, side by side and nested, and however it ends: the run never costs more than its cap.</summary>
public sealed class RunCapPropertyTests
{
    private const int Deepest = 3;

    private static readonly ModelKey Model = new("openai", "gpt-4o-mini");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly Gen<Step> Calls =
        from least in Gen.Long[1, 60]
        from output in Gen.Long[1, 400]
        from used in Gen.Long[0, 400]
        from end in Gen.Enum<End>()
        from pauses in Gen.Int[0, 3]
        select (Step)new Call(least, output, used, end, pauses);

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public void AnyTreeOfCalls_SpentAndHeldStayWithinTheCap_AndEveryEndIsBookedInAllRunsAroundIt(int wait) =>
        Steps(Deepest).Array[1, 4].Sample(steps => RunAsync(steps, TimeSpan.FromSeconds(wait)).WaitAsync(Patience).GetAwaiter().GetResult(), iter: 400);

    private static Gen<Step> Steps(int deepest) => deepest == 0
        ? Calls
        : Gen.Frequency(
            (4, Calls),
            (2, Steps(deepest - 1).Array[1, 5].Select(steps => (Step)new Together(steps))),
            (1, Steps(deepest - 1).Array[1, 3].Select(steps => (Step)new Another(steps))),
            (2, Gen.Select(Gen.Long[0, 60_000], Steps(deepest - 1).Array[1, 4]).Select((cap, steps) => (Step)new Within(cap, steps))));

    private static async Task RunAsync(Step[] steps, TimeSpan wait)
    {
        await using var engine = new SpendGuardEngine(
            new FailingStore(), new Prices(PriceBook.LoadBundled()), new SpendGuardOptions { LockedWait = wait, LeastUsefulOutputTokens = 1 });
        foreach (var agent in (string[])["a", "b"])
        {
            await engine.SetBudgetAsync(agent, Money.FromMicrocents(150_000));
        }

        await new Within(50_000, steps).GoAsync(new World(engine, "a", []));
    }

    /// <summary>How a call ends.</summary>
    private enum End
    {
        Settled,
        Overrun,
        Released,
        Abandoned,
        Corrected,
        NotCommitted,
        Refused,
    }

    /// <summary>What has come to pass in one run.</summary>
    private sealed class Seen(SpendGuardRun run)
    {
        private long _spent;
        private long _beyond;

        public void Add(Money charged, Money held)
        {
            Interlocked.Add(ref _spent, charged.Microcents);
            Interlocked.Add(ref _beyond, Math.Max(0, charged.Microcents - held.Microcents));
        }

        /// <summary>Before it is booked, so that no look in between finds more than it expects.</summary>
        public void Expect(long beyond) => Interlocked.Add(ref _beyond, beyond);

        public void Look()
        {
            var before = run.Budget;
            var most = run.MaxCost.Microcents + Interlocked.Read(ref _beyond);
            Assert.InRange(before.Spent.Microcents + before.Held.Microcents, 0, most);
        }

        public void LookAtTheEnd()
        {
            Assert.Equal((_spent, 0), (run.Budget.Spent.Microcents, run.Budget.Held.Microcents));
            Assert.Equal(0, run.Budget.InFlight);
        }
    }

    private sealed record World(SpendGuardEngine Engine, AgentId Agent, IReadOnlyList<Seen> Runs)
    {
        public void Look()
        {
            foreach (var run in Runs)
            {
                run.Look();
            }
        }
    }

    private abstract record Step
    {
        public abstract Task GoAsync(World world);
    }

    private sealed record Together(Step[] Steps) : Step
    {
        public override Task GoAsync(World world) => Task.WhenAll(Steps.Select(step => Task.Run(() => step.GoAsync(world))));
    }

    /// <summary>Another agent, such as one that is called as a tool, within the same runs.</summary>
    private sealed record Another(Step[] Steps) : Step
    {
        public override async Task GoAsync(World world)
        {
            using var scope = SpendGuardScope.Begin("b");
            foreach (var step in Steps)
            {
                await step.GoAsync(world with { Agent = "b" });
            }
        }
    }

    private sealed record Within(long Cap, Step[] Steps) : Step
    {
        public override async Task GoAsync(World world)
        {
            using var run = world.Engine.BeginRun(world.Agent, Money.FromMicrocents(Cap));
            var seen = new Seen(run);
            foreach (var step in Steps)
            {
                await step.GoAsync(world with { Runs = [.. world.Runs, seen] });
            }

            seen.LookAtTheEnd();
        }
    }

    private sealed record Call(long Least, long Output, long Used, End End, int Pauses) : Step
    {
        public override async Task GoAsync(World world)
        {
            ReservedCall reserved;
            try
            {
                reserved = await world.Engine.ReserveAsync(new ModelCall
                {
                    Agent = world.Agent,
                    Model = Model,
                    Shape = new CallShape { InputBound = 20, OutputTokens = Output, LeastOutputTokens = Least },
                    ReservationId = new ReservationId($"{End} {Guid.NewGuid()}"),
                });
            }
            catch (Exception refusal) when (refusal is BudgetRefusedException or StoreUnavailableException)
            {
                world.Look();
                return;
            }

            world.Look();
            for (var pause = 0; pause < Pauses; pause++)
            {
                await Task.Yield();
            }

            var settlement = await EndAsync(reserved, world);
            foreach (var run in world.Runs)
            {
                run.Add(settlement.Charged, End == End.Overrun ? Money.MaxValue : settlement.Held);
            }

            world.Look();
        }

        private async Task<Settlement> EndAsync(ReservedCall reserved, World world)
        {
            switch (End)
            {
                case End.Released:
                    return await reserved.EndAsync(ProviderReport.NotBilled);
                case End.Abandoned:
                    return await reserved.EndAsync(ProviderReport.Unknown("nobody knows"));
                case End.Corrected:
                    await ((IOpenCall)reserved).GiveUpAsync();
                    world.Look();
                    return await reserved.EndAsync(Report(Math.Min(Used, reserved.OutputCap)));
                case End.Overrun:
                    foreach (var run in world.Runs)
                    {
                        run.Expect(1_000_000);
                    }

                    return await reserved.EndAsync(Report(reserved.OutputCap + Used + 100));
                default:
                    return await reserved.EndAsync(Report(Math.Min(Used, reserved.OutputCap)));
            }
        }

        private static ProviderReport Report(long output) => new() { Usage = new Usage { Input = 20, Output = output } };
    }

    /// <summary>Fails as the ids of reservations say.</summary>
    private sealed class FailingStore() : DelegatingBudgetStore(new InMemoryBudgetStore())
    {
        public override ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken) => command switch
        {
            Reserve { AgainAt: null, Id.Value: var id } when id.StartsWith(nameof(End.Refused), StringComparison.Ordinal) => throw Unavailable(),
            Settle { Id.Value: var id } when id.StartsWith(nameof(End.NotCommitted), StringComparison.Ordinal) => throw Unavailable(),
            _ => Inner.ApplyAsync(command, cancellationToken),
        };

        private static StoreUnavailableException Unavailable() => new("The store is down.");
    }
}
