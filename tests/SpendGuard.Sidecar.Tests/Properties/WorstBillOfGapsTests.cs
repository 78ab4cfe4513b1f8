using System.Text.Json;
using CsCheck;
using SpendGuard.Billing;
using SpendGuard.Sidecar.Tests.Dialects;
using SpendGuard.Sidecar.Tests.Fuzz;
using SpendGuard.Testing.Provider;
using SpendGuard.Testing.Provider.Incomplete;
using Xunit.Abstractions;

namespace SpendGuard.Sidecar.Tests.Properties;

/// <summary>
/// Whatever a price document leaves out, a provider that bills the dearest its vendor has published there, and uses the most it may, does not
/// bill more than is held; or the call is refused, because nothing bounds what it costs.
/// </summary>
/// <remarks>SPENDGUARD_SOAK=1 makes a hundred and fifty times as many requests.</remarks>
[Trait(Traits.Category, Traits.Slow)]
public sealed class WorstBillOfGapsTests(ITestOutputHelper output)
{
    /// <summary>Where the model's name goes in a request that is made before there is one.</summary>
    private const string Placeholder = "the-model-with-gaps";

    private static readonly int Requests = Soak.Rounds(400, 60_000);

    [Fact]
    public Task Chat() => RunAsync("openai", _ => Routes.Chat, AtAnyTier(Gen.Frequency((199, RequestGen.Chat(Placeholder)), (1, Long(ChatOf, " a")))));

    [Fact]
    public Task Responses() => RunAsync("openai", _ => Routes.Responses, AtAnyTier(RequestGen.Responses(Placeholder)));

    [Fact]
    public Task Anthropic() => RunAsync("anthropic", _ => Routes.Anthropic, Gen.Frequency((9, RequestGen.Anthropic(Placeholder)), (1, Long(MessagesOf, "a"))));

    [Fact]
    public Task Gemini() => RunAsync("gemini", Routes.Gemini, Gen.Frequency((9, RequestGen.Gemini().Select(AtTheStandardTier)), (1, Long(ContentsOf, "a"))));

    [Fact]
    public Task GrokChat() => RunAsync("grok", _ => Routes.GrokChat, Gen.Frequency((9, RequestGen.Chat(Placeholder)), (1, Long(ChatOf, "a"))));

    [Fact]
    public Task GrokResponses() => RunAsync("grok", _ => Routes.GrokResponses, RequestGen.Responses(Placeholder));

    private async Task RunAsync(string provider, Func<string, Route> routeOf, Gen<string> bodies)
    {
        var models = IncompleteModel.Of(provider, 600);
        var prices = new ProviderPriceTable(models.Select(model => model.Bills));
        await using var budget = await FuzzedBudget.OpenAsync(models.Select(model => model.ReadCard()));
        var (held, refused) = (0, 0);

        // How images count is known of some families and not of others, and no matter of price documents.
        await Gen.Select(Gen.Int[0, models.Length - 1], bodies.Where(body => !body.Contains("image", StringComparison.Ordinal))).SampleAsync(
            async (number, request) =>
            {
                var model = models[number];
                var body = request.Replace(Placeholder, model.Name, StringComparison.Ordinal);
                var route = routeOf(model.Name);
                using var document = JsonDocument.Parse(body);
                var call = route.Dialect.Read(SampleCall.Of(route.Provider, route.Dialect, document.RootElement, route.Model));
                ReservedCall reserved;
                try
                {
                    reserved = await budget.ReserveAsync(call);
                }
                catch (UnboundedCostException refusal)
                {
                    Assert.True(!model.HasBound || !model.Document.Contains("max_output_tokens", StringComparison.Ordinal), $"{refusal.Message} {model}");
                    Assert.Contains(model.Name, refusal.Message, StringComparison.Ordinal);
                    Interlocked.Increment(ref refused);
                    return;
                }

                using var sent = new MemoryStream(route.Dialect.Cap(call, reserved.Grant).ToArray());
                var bill = await WorstBill.OfAsync(route.ProviderPath, sent, prices);
                var amount = reserved.Reservation.Held.Microcents;
                await reserved.EndAsync(ProviderReport.NotBilled);
                Assert.True(bill <= amount, $"The worst bill is {bill} microcents, and only {amount} are held: {model}");
                Interlocked.Increment(ref held);
            },
            iter: Requests);

        Assert.True(held > Requests / 3, $"Only {held} of {Requests} calls were held.");
        output.WriteLine($"{held} calls held, {refused} refused");
    }

    private static Gen<string> AtAnyTier(Gen<string> bodies) => Gen.Select(
        bodies, JsonGen.Maybe("service_tier", JsonGen.AnyOf("\"auto\"", "\"default\"", "\"priority\"")), (json, tier) => tier.Length > 0 ? $"{json[..^1]},{tier}}}" : json);

    private static string AtTheStandardTier(string body) => body
        .Replace("\"serviceTier\":\"priority\"", "\"serviceTier\":\"standard\"", StringComparison.Ordinal)
        .Replace("\"serviceTier\":\"flex\"", "\"serviceTier\":\"standard\"", StringComparison.Ordinal);

    /// <summary>A request of about as many tokens as make it dearer.</summary>
    private static Gen<string> Long(Func<string, string> request, string token) => Gen.Select(
        Gen.OneOf(Gen.Const(100_000), Gen.Const(128_000), Gen.Const(200_000), Gen.Const(272_000)), Gen.Int[-300, 300], (tokens, more) => request(string.Concat(Enumerable.Repeat(token, tokens + more))));

    private static string ChatOf(string text) => $$"""{"model":"{{Placeholder}}","messages":[{"role":"user","content":"{{text}}"}],"max_completion_tokens":100}""";

    private static string MessagesOf(string text) => $$"""{"model":"{{Placeholder}}","messages":[{"role":"user","content":"{{text}}"}],"max_tokens":100}""";

    private static string ContentsOf(string text) => $$$"""{"contents":[{"role":"user","parts":[{"text":"{{{text}}}"}]}],"generationConfig":{"maxOutputTokens":100}}""";
}
