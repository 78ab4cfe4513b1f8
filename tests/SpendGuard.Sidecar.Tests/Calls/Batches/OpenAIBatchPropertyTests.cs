using System.Globalization;
using CsCheck;
using SpendGuard.Sidecar.Testing;
using SpendGuard.Testing.Provider;
using SpendGuard.Testing.Provider.Batches;
using static SpendGuard.Sidecar.Tests.Calls.Batches.OpenAIBatchSteps;

namespace SpendGuard.Sidecar.Tests.Calls.Batches;

/// <summary>Random batches of files at a provider that bills each request as it likes within the rules, over HTTP.</summary>
public sealed class OpenAIBatchPropertyTests
{
    private const int Samples = 30;

    private static readonly Dictionary<string, Behaviour> Behaviours = new(StringComparer.Ordinal)
    {
        ["some"] = Behaviour.Honest,
        ["cap"] = new Behaviour { GenerateToTheCap = true },
        ["most"] = new Behaviour { UseTheMost = true },
        ["cached"] = new Behaviour { CachedShare = 0.5m, GenerateToTheCap = true },
        ["other"] = new Behaviour { ServedModel = "gpt-4o-mini", GenerateToTheCap = true },
    };

    private static readonly Gen<string> Text =
        from letter in AnyOf("a", " ", "é", "漢", "🙂", "\\n")
        from length in Gen.Int[1, 400]
        select string.Concat(Enumerable.Repeat(letter, length));

    private static readonly Gen<(string Url, string[] Bodies)> Batch = Gen.OneOf(
        (from model in AnyOf("gpt-4o", "gpt-4o-mini")
         from mark in AnyOf([.. Behaviours.Keys])
         from cap in AnyOf("", ",\"max_tokens\":300", ",\"max_completion_tokens\":7")
         from choices in AnyOf("", ",\"n\":3")
         from text in Text
         select $$"""{"model":"{{model}}","user":"{{mark}}","messages":[{"role":"user","content":"{{text}}"}]{{cap}}{{choices}}}""").Array[1, 5].Select(bodies => (Chat, bodies)),
        (from mark in AnyOf([.. Behaviours.Keys])
         from cap in AnyOf("", ",\"max_output_tokens\":300")
         from text in Text
         select $$"""{"model":"gpt-4o","user":"{{mark}}","input":"{{text}}"{{cap}}}""").Array[1, 5].Select(bodies => ("/v1/responses", bodies)),
        (from text in Text.Array[1, 3]
         select $$"""{"model":"text-embedding-3-small","input":[{{string.Join(',', text.Select(one => $"\"{one}\""))}}]}""").Array[1, 5].Select(bodies => ("/v1/embeddings", bodies)));

    [Fact]
    public async Task AnyBatch_IsBilledNoMoreThanIsHeld_AndCostsWhatIsBilled()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var (provider, batches) = (sidecar.Provider, sidecar.Provider.OpenAIBatches);
        batches.TakesSeveralModels = true;
        provider.ForRequest = request => Behaviours.GetValueOrDefault((string?)request.Body["user"] ?? "", Behaviour.Honest);
        var outcome = Gen.Frequency((4, Gen.Const(BatchOutcome.Succeeded)), (1, AnyOf(BatchOutcome.Errored, BatchOutcome.Canceled, BatchOutcome.Expired)));
        await Gen.Select(Batch, outcome.Array[5]).SampleAsync(
            async (batch, outcomes) =>
            {
                var agent = await sidecar.AgentAsync(cents: 100_000);
                var before = provider.Bill.TotalMicrocents;
                batches.OutcomeOf = id => outcomes[int.Parse(id[1..], CultureInfo.InvariantCulture)];
                var id = await sidecar.BatchAtAsync(agent, batch.Url, batch.Bodies);
                var held = (await sidecar.BudgetAsync(agent))!.Held;
                batches.End(id);
                var billed = provider.Bill.TotalMicrocents - before;
                Assert.InRange(billed, 0, held);

                if (outcomes.Take(batch.Bodies.Length).Contains(BatchOutcome.Succeeded))
                {
                    await sidecar.FileAsync(agent, id);
                }
                else
                {
                    await sidecar.GetAsync(agent, $"/v1/batches/{id}");
                }

                var budget = (await sidecar.BudgetAsync(agent))!;
                Assert.Equal((billed, 0L, 0), (budget.Spent, budget.Held, budget.Batches));
            },
            iter: Samples,
            threads: 1);
        Assert.Empty(provider.Failures);
    }

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
