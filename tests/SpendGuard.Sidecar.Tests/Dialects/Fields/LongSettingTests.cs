using System.Text.Json.Nodes;
using SpendGuard.Pricing;
using SpendGuard.Testing;

namespace SpendGuard.Sidecar.Tests.Dialects.Fields;

/// <summary>
/// A field that is free by what it means is not free of what stands in it: a server may repeat any text to its model. Only a provider that
/// has counted the very request is believed.
/// </summary>
public sealed class LongSettingTests
{
    private const string Chat = """{"model":"m","messages":[{"role":"user","content":"Hi"}],"max_tokens":1}""";
    private const string Responses = """{"model":"m","input":[{"role":"user","content":"Hi"}],"max_output_tokens":16}""";
    private const string Messages = """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":1}""";
    private const string Gemini = """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":1}}""";

    /// <summary>The route, a request, and where in it the text goes.</summary>
    public static TheoryData<string, string, string> Fields => new()
    {
        { "/local/v1/chat/completions", Chat, "messages/0/role" },
        { "/local/v1/chat/completions", Chat, "reasoning_effort" },
        { "/local/v1/chat/completions", Chat, "verbosity" },
        { "/local/v1/chat/completions", Chat, "user" },
        { "/local/v1/responses", Responses, "input/0/role" },
        { "/local/v1/responses", Responses, "reasoning/effort" },
        { "/local/v1/responses", Responses, "text/verbosity" },
        { "/v1/messages", Messages, "messages/0/role" },
        { "/v1/messages", Messages, "output_config/effort" },
        { "/v1beta/models/gemini-2.5-flash:generateContent", Gemini, "contents/0/role" },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public Task LongText_IsHeldForAsInput(string path, string request, string field) =>
        AssertHeldForAsync(path, request, field, string.Concat(Enumerable.Repeat("q7 ", 30_000)));

    private static async Task AssertHeldForAsync(string path, string request, string field, string text)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync("{}");
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("SpendGuard:Providers:local:BaseUrl", provider.Address + "/v1")]);
        sidecar.AddPrice(new RateCard
        {
            Model = new ModelKey("local", "m"),
            Rates = new TokenRates { Input = Rate.FromMicrocents(250), Output = Rate.FromMicrocents(1_000) },
        });
        var agent = await sidecar.AgentAsync(cents: 1);

        var (status, _, _) = await sidecar.AskAsync(path, agent, With(request, field, text));

        Assert.Equal(402, status);
        Assert.Empty(provider.Requests);
        Assert.Equal(0, (await sidecar.EndedAsync(agent)).Spent);
    }

    /// <summary>A label's name is a text of the caller's as well.</summary>
    [Fact]
    public Task LongNameOfALabel_IsHeldForAsInput() =>
        AssertHeldForAsync("/local/v1/chat/completions", Chat, "metadata/" + string.Concat(Enumerable.Repeat("q7 ", 30_000)), "a");

    private static string With(string request, string field, string text)
    {
        var root = JsonNode.Parse(request)!;
        var at = root;
        var names = field.Split('/');
        foreach (var name in names[..^1])
        {
            at = at is JsonArray list ? list[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)]! : at[name] ??= new JsonObject();
        }

        at[names[^1]] = text;
        return root.ToJsonString();
    }
}
