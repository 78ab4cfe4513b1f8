using CsCheck;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Tests.Calls;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Properties;

/// <summary>Whatever a budget, a price, a prompt and an agent are called or come to: a refusal has nothing in it that is taken for a status.</summary>
public sealed class RefusalSentenceTests
{
    private static readonly int Calls = Soak.Rounds(150, 3_000);
    private static readonly Gen<string> Statuses = Gen.Int[0, RefusedRoute.Searched.Length - 1].Select(index => RefusedRoute.Searched[index]);

    /// <summary>Ids such as there are, and such as there may be: with what is searched for, or with quotes.</summary>
    private static readonly Gen<string> Ids = Gen.OneOf(
        Gen.Guid.Select(id => id.ToString()),
        Gen.Select(Statuses, Gen.Guid, Statuses).Select((first, id, last) => $"{first}-{id}{last}"),
        Gen.Select(Gen.String[Gen.Char["ab05429' .,:-"], 1, 20], Statuses).Select((more, status) => $"it's {more}{status}"),
        Statuses);

    [Fact]
    public async Task Refusal_OfAnyCall_HasNoStatusInItsMessage()
    {
        await using var sidecar = await SidecarFixture.StartAsync([new ProviderPrice("grok-3", 300, 1500)]);
        var refused = 0;
        var calls = Gen.Select(
            Gen.Int[0, RefusedRoute.All.Length - 1], Ids, Gen.Long[0, 60_000_000], Gen.Int[1, 60_000], Gen.Int[0, 6_000], Statuses, Gen.Bool);

        await calls.SampleAsync(
            async (index, id, microcents, rate, length, status, locked) =>
            {
                // Each of its own, as the same id may be drawn again.
                var agent = $"{id} {Guid.NewGuid()}";
                var route = RefusedRoute.All[index];
                sidecar.AddPrice(Card(new ModelKey(route.Provider, route.Model), rate));
                await sidecar.Engine.SetBudgetAsync(agent, Money.FromMicrocents(microcents), maxInFlight: 1);
                await using var other = locked && microcents > 0 ? await HoldAsync(sidecar.Engine, agent) : null;

                var reply = await sidecar.AskAsync(
                    route.PathOf(route.Model), agent, route.BodyOf(route.Model, new string('x', length)), ("x-spendguard-least-output", status));

                if (reply.Status is not 200)
                {
                    var where = $"{agent} at {route.Path}: {reply.Text}";
                    Assert.True(reply.Status is 402 or 409, where);
                    route.AssertEnvelope(reply.Status, reply.Body, where);
                    Assert.Contains(reply.Status is 402 ? Quoted(agent) : "Agent budget is locked", reply.Text, StringComparison.Ordinal);
                    Interlocked.Increment(ref refused);
                }
            },
            iter: Calls,
            threads: 1);

        Assert.True(refused > Calls / 3, $"Only {refused} calls were refused.");
    }

    /// <summary>As it stands in <c>detail</c>.</summary>
    private static string Quoted(string agent) => $"agent '{agent}' has";

    private static RateCard Card(ModelKey model, int rate) => new()
    {
        Model = model,
        Rates = new TokenRates { Input = Rate.FromMicrocents(rate), Output = Rate.FromMicrocents(rate * 4m) },
        MaxInputTokens = 200_000,
        MaxOutputTokens = 8_000,
    };

    private static async ValueTask<ReservedToolCall?> HoldAsync(SpendGuardEngine engine, string agent) =>
        await engine.ReserveAsync(new ToolCall { Agent = agent, Tool = "a tool", Price = Money.FromMicrocents(1) });
}
