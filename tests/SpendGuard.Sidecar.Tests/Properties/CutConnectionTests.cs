using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Properties;

/// <summary>
/// The connection of a stream is cut at every byte, wherever its usage stands: no less is charged than the provider bills, and once the whole
/// usage has come, just that.
/// </summary>
/// <remarks>
/// At the ends of events and beside them, and at a few bytes elsewhere, which differ from shape to shape; with SPENDGUARD_SOAK=1 at every byte.
/// <see cref="CutStreamTests"/> has every byte without the wire.
/// </remarks>
[Trait(Traits.Category, Traits.Slow)]
public sealed class CutConnectionTests
{
    private const string Chat = """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":64,"stream":true,"stream_options":{"include_usage":true}}""";
    private const string Responses = """{"model":"gpt-4o","input":"Hi","max_output_tokens":64,"stream":true}""";
    private const string Messages = """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":64,"stream":true}""";
    private const string Gemini = """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":64}}""";
    private const string GeminiPath = "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse";

    private const string EndOfEvent = "\n\n";

    /// <summary>After so many calls, their numbers have as many digits as those of all that follow, and their answers as many bytes.</summary>
    private const int FirstCalls = 10;

    /// <summary>Where it goes, what is asked, where the usage stands, how it is written, and whether it is whole before the last event.</summary>
    public static TheoryData<string, string, UsagePlace, UsageQuirks, bool> Shapes => new()
    {
        { "/v1/chat/completions", Chat, UsagePlace.Alone, UsageQuirks.None, true },
        { "/v1/chat/completions", Chat, UsagePlace.WithTheFinish, UsageQuirks.None, true },
        { "/v1/chat/completions", Chat, UsagePlace.WithAnEmptyChoice, UsageQuirks.None, true },
        { "/v1/chat/completions", Chat, UsagePlace.WithinTheChoice, UsageQuirks.None, true },
        { "/v1/chat/completions", Chat, UsagePlace.InAnObjectOfItsOwn, UsageQuirks.None, true },
        { "/v1/chat/completions", Chat, UsagePlace.BeforeAnEmptyChunk, UsageQuirks.None, true },
        { "/v1/chat/completions", Chat, UsagePlace.AfterTheEnd, UsageQuirks.None, false },
        { "/v1/chat/completions", Chat, UsagePlace.Alone, UsageQuirks.Running, true },
        { "/v1/responses", Responses, default, UsageQuirks.None, false },
        { "/v1/messages", Messages, default, UsageQuirks.None, true },
        { "/v1/messages", Messages, default, UsageQuirks.Running, true },
        { GeminiPath, Gemini, default, UsageQuirks.None, false },
        { "/grok/v1/chat/completions", Chat.Replace("gpt-4o", "grok-made-up", StringComparison.Ordinal), UsagePlace.Alone, UsageQuirks.Running, true },
        { "/grok/v1/responses", Responses.Replace("gpt-4o", "grok-made-up", StringComparison.Ordinal), default, UsageQuirks.None, false },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task ConnectionIsCut_NoLessIsChargedThanBilled_AndNoMoreOnceTheUsageIsWhole(
        string path, string body, UsagePlace place, UsageQuirks quirks, bool isWholeEarly)
    {
        await using var sidecar = await SidecarFixture.StartAsync(MadeUpModels.PriceList);
        foreach (var card in MadeUpModels.Cards)
        {
            sidecar.AddPrice(card);
        }

        var agent = await sidecar.AgentAsync(cents: 1_000_000_000);
        var exactCuts = 0;
        for (var call = 0; call < FirstCalls; call++)
        {
            await AskAsync(cut: null, usesTheMost: false);
        }

        foreach (var usesTheMost in (bool[])[false, true])
        {
            var whole = await AskAsync(cut: null, usesTheMost);
            var isExact = false;
            foreach (var cut in Soak.IsOn ? Enumerable.Range(1, int.MaxValue - 1) : Cuts(whole, new Random(path.Length + (int)place)))
            {
                var before = ((await sidecar.BudgetAsync(agent))!.Spent, sidecar.Provider.Bill.TotalMicrocents);
                await AskAsync(cut, usesTheMost);

                var charged = await sidecar.SpentAsync(agent) - before.Spent;
                var billed = sidecar.Provider.Bill.TotalMicrocents - before.TotalMicrocents;
                var isCut = !sidecar.Provider.Calls[^1].Finished;
                Assert.True(billed > 0 && charged >= billed, $"Cut at {cut}, {billed} are billed and {charged} charged.");
                if (!usesTheMost)
                {
                    Assert.True(charged == billed || (isCut && !isExact), $"Cut at {cut}, {billed} are billed and {charged} charged.");
                    isExact = charged == billed;
                    exactCuts += isExact && isCut ? 1 : 0;
                }

                if (!isCut)
                {
                    break;
                }
            }
        }

        // One may be that of all bytes.
        Assert.Equal(isWholeEarly, exactCuts > 1);

        async Task<string> AskAsync(int? cut, bool usesTheMost)
        {
            sidecar.Provider.Behaviour = new Behaviour
            {
                UseTheMost = usesTheMost,
                UsagePlace = place,
                Quirks = quirks,
                CutAfterBytes = cut,
                BillOnCut = BilledPart.Full,
            };
            var answer = "";
            await Record.ExceptionAsync(async () =>
            {
                using var response = await sidecar.PostAsync(path, agent, body);
                answer = await response.Content.ReadAsStringAsync();
            });
            await sidecar.EndedAsync(agent);
            return answer;
        }
    }

    /// <summary>Where an answer is cut, in order, and beyond its end, so that the last is none.</summary>
    private static IEnumerable<int> Cuts(string whole, Random random)
    {
        var ends = new List<int>();
        for (var end = whole.IndexOf(EndOfEvent, StringComparison.Ordinal); end >= 0; end = whole.IndexOf(EndOfEvent, end + 1, StringComparison.Ordinal))
        {
            ends.Add(end + EndOfEvent.Length);
        }

        var beside = ends.Take(1).Concat(ends.TakeLast(4)).SelectMany(end => new[] { end - 1, end, end + 1 });
        var elsewhere = Enumerable.Range(0, 6).Select(_ => random.Next(1, whole.Length)).Append(random.Next(ends[^2], ends[^1]));
        return beside.Concat(elsewhere).Distinct().Order().Concat(Enumerable.Range(whole.Length + 2, 1_000));
    }
}
