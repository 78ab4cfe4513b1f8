using System.Text.Json.Nodes;
using SpendGuard.Testing;

namespace SpendGuard.Sidecar.Tests.Dialects.Fields;

/// <summary>A field that is free by what it means is not free of what stands in it: a server may repeat any text to its model.</summary>
public sealed class LongSettingTests
{
    private const string Chat = """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":1}""";
    private const string Responses = """{"model":"gpt-4o","input":[{"role":"user","content":"Hi"}],"max_output_tokens":16}""";
    private const string Messages = """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":1}""";
    private const string Gemini = """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":1}}""";

    /// <summary>The route, a request, and where in it the text goes.</summary>
    public static TheoryData<string, string, string> Fields => new()
    {
        { "/v1/chat/completions", Chat, "messages/0/role" },
        { "/v1/chat/completions", Chat, "reasoning_effort" },
        { "/v1/chat/completions", Chat, "verbosity" },
        { "/v1/chat/completions", Chat, "user" },
        { "/v1/responses", Responses, "input/0/role" },
        { "/v1/responses", Responses, "reasoning/effort" },
        { "/v1/responses", Responses, "text/verbosity" },
        { "/v1/messages", Messages, "messages/0/role" },
        { "/v1/messages", Messages, "output_config/effort" },
        { "/v1beta/models/gemini-2.5-flash:generateContent", Gemini, "contents/0/role" },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task LongText_IsHeldForAsInput(string path, string request, string field)
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync(cents: 1);

        var (status, _, _) = await sidecar.AskAsync(path, agent, With(request, field, new string('x', 200_000)));

        Assert.Equal(402, status);
        Assert.Equal(0, (await sidecar.EndedAsync(agent)).Spent);
    }

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
