using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Properties;

/// <summary>
/// The connection of a stream is cut at every byte, wherever its usage stands: no less is charged than the provider bills, and once the whole
/// usage has come, just that.
/// </summary>
/// <remarks>Every fifty-sixth byte, a different one for each shape, every seventh towards the end, and every 112th where the most is used; with SPENDGUARD_SOAK=1 every byte.</remarks>
[Trait(Traits.Category, Traits.Slow)]
public sealed class CutConnectionTests
{
    private const string Chat = """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":64,"stream":true,"stream_options":{"include_usage":true}}""";
    private const string Responses = """{"model":"gpt-4o","input":"Hi","max_output_tokens":64,"stream":true}""";
    private const string Messages = """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":64,"stream":true}""";
    private const string Gemini = """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":64}}""";
    private const string GeminiPath = "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse";

    /// <summary>Where the usage is whole, and the end has not come.</summary>
    private const int Tail = 100;

    private static readonly int Step = Environment.GetEnvironmentVariable("SPENDGUARD_SOAK") == "1" ? 1 : 7;

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

    /// <summary>Whether the most is used, how far the cuts are apart, and where they begin; null for near the end.</summary>
    private static (bool UsesTheMost, int Step, int? First)[] Passes(UsagePlace place)
    {
        var first = 1 + ((int)place % Step);
        return Step == 1 ? [(false, Step, first), (true, Step, first)] : [(false, 8 * Step, first), (false, Step, null), (true, 16 * Step, first)];
    }

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
        var end = 0;
        foreach (var (usesTheMost, step, first) in Passes(place))
        {
            var isExact = false;
            var isCut = true;
            for (var cut = first ?? Math.Max(1, end - Tail); isCut; cut += step)
            {
                end = cut;
                var before = ((await sidecar.BudgetAsync(agent))!.Spent, sidecar.Provider.Bill.TotalMicrocents);
                sidecar.Provider.Behaviour = new Behaviour
                {
                    UseTheMost = usesTheMost,
                    UsagePlace = place,
                    Quirks = quirks,
                    CutAfterBytes = cut,
                    BillOnCut = BilledPart.Full,
                };
                await Record.ExceptionAsync(async () =>
                {
                    using var response = await sidecar.PostAsync(path, agent, body);
                    await response.Content.CopyToAsync(Stream.Null);
                });

                var charged = await sidecar.SpentAsync(agent) - before.Spent;
                var billed = sidecar.Provider.Bill.TotalMicrocents - before.TotalMicrocents;
                isCut = !sidecar.Provider.Calls[^1].Finished;

                Assert.True(billed > 0 && charged >= billed, $"Cut at {cut}, {billed} are billed and {charged} charged.");
                if (usesTheMost)
                {
                    continue;
                }

                Assert.True(charged == billed || (isCut && !isExact), $"Cut at {cut}, {billed} are billed and {charged} charged.");
                isExact = charged == billed;
                exactCuts += isExact && isCut ? 1 : 0;
            }
        }

        // One may be that of all bytes.
        Assert.Equal(isWholeEarly, exactCuts > 1);
    }
}
