using CsCheck;
using SpendGuard.Sidecar.Testing;
using SpendGuard.Testing.Provider;
using SpendGuard.Testing.Provider.Batches;
using static SpendGuard.Sidecar.Tests.Calls.Batches.BatchSteps;

namespace SpendGuard.Sidecar.Tests.Calls.Batches;

/// <summary>Random batches at a provider that bills each request as it likes within the rules, over HTTP.</summary>
public sealed class BatchPropertyTests
{
    private const int Samples = 40;

    /// <summary>What the provider makes of requests, by the mark that each carries.</summary>
    private static readonly Dictionary<string, Behaviour> Behaviours = new(StringComparer.Ordinal)
    {
        ["some"] = Behaviour.Honest,
        ["cap"] = new Behaviour { GenerateToTheCap = true },
        ["most"] = new Behaviour { UseTheMost = true },
        ["cached"] = new Behaviour { CachedShare = 0.5m, GenerateToTheCap = true },
        ["other"] = new Behaviour { ServedModel = "claude-haiku-4-5", GenerateToTheCap = true },
        ["no life of caches"] = new Behaviour { UseTheMost = true, Quirks = UsageQuirks.NoCacheLife, CacheWriteTokens = 0 },
    };

    private static readonly Gen<string> Request =
        from model in AnyOf("claude-sonnet-5", "claude-haiku-4-5")
        from mark in AnyOf([.. Behaviours.Keys])
        from cap in Gen.Int[1, 3_000]
        from length in Gen.Int[1, 400]
        from letter in AnyOf("a", " ", "é", "漢", "🙂", "\\n")
        from cache in AnyOf("", ""","cache_control":{"type":"ephemeral"}""", ""","cache_control":{"type":"ephemeral","ttl":"1h"}""")
        from system in AnyOf("", ""","system":"Be short." """)
        select $$"""{"model":"{{model}}","max_tokens":{{cap}},"metadata":{"user_id":"{{mark}}"},"messages":[{"role":"user","content":[{"type":"text","text":"{{string.Concat(Enumerable.Repeat(letter, length))}}"{{cache}}}]}]{{system}}}""";

    [Fact]
    public async Task AnyBatch_IsBilledNoMoreThanIsHeld_AndCostsWhatIsBilled()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var provider = sidecar.Provider;
        provider.ForRequest = request => Behaviours.GetValueOrDefault((string?)request.Body["metadata"]?["user_id"] ?? "", Behaviour.Honest);
        var outcome = Gen.Frequency((4, Gen.Const(BatchOutcome.Succeeded)), (1, AnyOf(BatchOutcome.Errored, BatchOutcome.Canceled, BatchOutcome.Expired)));
        await Gen.Select(Request, outcome).Array[1, 6].SampleAsync(
            async requests =>
            {
                var agent = await sidecar.AgentAsync();
                var before = provider.Bill.TotalMicrocents;
                provider.Batches.OutcomeOf = id => requests[int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture)].Item2;
                var id = await sidecar.MakeAsync(agent, requests.Select(request => request.Item1));
                var held = (await sidecar.BudgetAsync(agent))!.Held;
                provider.Batches.End(id);
                var billed = provider.Bill.TotalMicrocents - before;
                Assert.InRange(billed, 0, held);

                Assert.Equal(requests.Length, (await sidecar.ResultsAsync(agent, id)).Results().Count);
                var budget = (await sidecar.BudgetAsync(agent))!;
                Assert.Equal((0L, 0), (budget.Held, budget.Batches));

                // Where nothing tells how long caches were asked to live, it is the dearer life: the requests are not kept.
                var told = requests.All(request => !request.Item1.Contains("no life of caches", StringComparison.Ordinal));
                Assert.InRange(budget.Spent, billed, told ? billed : long.MaxValue);
            },
            iter: Samples,
            threads: 1);
        Assert.Empty(provider.Failures);
    }

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
