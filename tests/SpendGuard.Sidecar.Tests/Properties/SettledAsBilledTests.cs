using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using SpendGuard.Budgets;
using SpendGuard.Testing.Provider.Incomplete;
using Xunit.Abstractions;

namespace SpendGuard.Sidecar.Tests.Properties;

/// <summary>
/// Call by call and to the microcent, the ledger has what the provider charged by its own price list; and no less than that where the
/// provider has not told all that it charged for.
/// </summary>
/// <remarks>Half of the calls stream, and all have headers that would hide or move the bill if they went on. SPENDGUARD_SOAK=1 makes many times as many; SPENDGUARD_FUZZ_SEED makes one, by its number.</remarks>
[Trait(Traits.Category, Traits.Slow)]
public sealed class SettledAsBilledTests(ITestOutputHelper output)
{
    private const int Lanes = 16;

    private static readonly int Calls = Soak.Rounds(600, 100_000);
    private static readonly int CallsOfGaps = Soak.Rounds(300, 10_000);
    private static readonly string? Only = Environment.GetEnvironmentVariable("SPENDGUARD_FUZZ_SEED");

    [Fact]
    public Task Chat() => RunAsync(number => new RandomCalls(number).Chat());

    [Fact]
    public Task Responses() => RunAsync(number => new RandomCalls(number).Responses());

    [Fact]
    public Task Embeddings() => RunAsync(number => new RandomCalls(number).Embeddings());

    [Fact]
    public Task Anthropic() => RunAsync(number => new RandomCalls(number).Anthropic());

    [Fact]
    public Task Gemini() => RunAsync(number => new RandomCalls(number).Gemini());

    [Fact]
    public Task GeminiInOpenAIsFormat() => RunAsync(number => new RandomCalls(number).GeminiChat());

    [Fact]
    public Task GeminiEmbeddings() => RunAsync(number => new RandomCalls(number).GeminiEmbeddings());

    [Fact]
    public Task GrokChat() => RunAsync(number => new RandomCalls(number).GrokChat());

    [Fact]
    public Task GrokResponses() => RunAsync(number => new RandomCalls(number).GrokResponses());

    /// <summary>A price document may leave out whatever it likes: what it is silent on is charged as the vendor does.</summary>
    [Theory]
    [InlineData("openai", "chat")]
    [InlineData("openai", "responses")]
    [InlineData("anthropic", "messages")]
    [InlineData("gemini", "generate")]
    [InlineData("grok", "chat")]
    [InlineData("grok", "responses")]
    public Task DocumentsWithGaps(string provider, string api)
    {
        IncompleteModel[] models = [.. IncompleteModel.Of(provider, 300).Where(model => model.HasBound)];
        return RunAsync(
            number =>
            {
                var model = models[number % models.Length];
                var calls = new RandomCalls(number, model);
                var call = (provider, api) switch
                {
                    ("openai", "chat") => calls.Chat(),
                    ("openai", _) => calls.Responses(),
                    ("anthropic", _) => calls.Anthropic(),
                    ("gemini", _) => calls.Gemini(),
                    (_, "chat") => calls.GrokChat(),
                    _ => calls.GrokResponses(),
                };
                return call with { Model = model };
            },
            models);
    }

    private async Task RunAsync(Func<int, RandomCall> make, params IncompleteModel[] models)
    {
        var (first, count) = Only is not null ? (int.Parse(Only), 1) : (0, models.Length > 0 ? CallsOfGaps : Calls);
        var started = Stopwatch.GetTimestamp();
        await using var sidecar = await SidecarFixture.StartAsync([.. MadeUpModels.PriceList, .. models.Select(model => model.Bills)]);
        foreach (var card in MadeUpModels.Cards.Concat(models.Select(model => model.ReadCard())))
        {
            sidecar.AddPrice(card);
        }

        var numbers = new ConcurrentDictionary<int, int>();
        sidecar.Provider.ForRequest = request =>
        {
            var number = int.Parse(request.Headers["User-Agent"]);
            numbers[request.CallId] = number;
            return make(number).Behaviour;
        };

        var agents = new List<string>();
        for (var lane = 0; lane < Lanes; lane++)
        {
            agents.Add(await sidecar.AgentAsync(cents: 1_000_000_000));
        }

        await Task.WhenAll(agents.Select((agent, lane) => Task.Run(() => CallAllAsync(sidecar, agent, lane, first, count, make))));

        Assert.Empty(sidecar.Provider.Failures);
        var billed = sidecar.Provider.Calls.ToDictionary(call => numbers[call.Id], call => call.ChargeMicrocents);
        Assert.Equal(count, billed.Count);
        var settled = await SettledAsync(sidecar, agents);
        foreach (var (number, charge) in billed)
        {
            var (kind, amount) = settled[number];
            var call = make(number);
            Assert.True(
                call.TellsAll ? (kind, amount) == (LedgerEntryKind.Settled, charge) : kind == LedgerEntryKind.Forfeited && amount >= charge,
                $"Call {number}: {charge} microcents were billed, and {amount} {kind}. {call}");
        }

        output.WriteLine($"{count} calls, {billed.Values.Sum()} microcents, in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s.");
    }

    private static async Task CallAllAsync(SidecarFixture sidecar, string agent, int lane, int first, int count, Func<int, RandomCall> make)
    {
        for (var at = lane; at < count; at += Lanes)
        {
            var call = make(first + at);
            var number = call.Number.ToString();
            using var response = await sidecar.PostAsync(
                call.Path, agent, call.Body, default, [("User-Agent", number), ("x-spendguard-run-id", number), .. HostileHeaders.Some(call.Number)]);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"Call {number}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            await response.Content.CopyToAsync(Stream.Null);
        }
    }

    /// <summary>How the ledger has each call ended, by its number.</summary>
    private static async Task<Dictionary<int, (LedgerEntryKind Kind, long Amount)>> SettledAsync(SidecarFixture sidecar, IEnumerable<string> agents)
    {
        var ends = new Dictionary<int, (LedgerEntryKind, long)>();
        foreach (var agent in agents)
        {
            await foreach (var entry in sidecar.Engine.ReadLedgerAsync(new AgentId(agent)))
            {
                if (entry.Reservation is not null && entry.Kind != LedgerEntryKind.Reserved)
                {
                    ends.Add(int.Parse(entry.Run!.Value.Value), (entry.Kind, entry.Amount.Microcents));
                }
            }
        }

        return ends;
    }
}
