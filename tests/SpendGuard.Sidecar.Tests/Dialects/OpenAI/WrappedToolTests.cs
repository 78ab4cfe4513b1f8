using System.Text.Json;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.OpenAI.Responses;

namespace SpendGuard.Sidecar.Tests.Dialects.OpenAI;

/// <summary>The caller's own tools cost in any wrapping what they cost without: each is rendered by itself, whatever it was sent in.</summary>
public sealed class WrappedToolTests
{
    private static readonly string Tools = string.Join(',', Enumerable.Range(0, 20).Select(index => $$"""{"type":"function","name":"f{{index}}"}"""));
    private static readonly string Namespace = $$"""{"type":"namespace","name":"n","description":"d","tools":[{{Tools}}]}""";

    public static TheoryData<string> Wrapped =>
    [
        $$""" "input":[{"role":"user","content":"Hi"}],"tools":[{{Namespace}}] """,
        $$""" "input":[{"role":"user","content":"Hi"},{"type":"additional_tools","role":"developer","tools":[{{Tools}}]}] """,
        $$""" "input":[{"role":"user","content":"Hi"},{"type":"additional_tools","role":"developer","tools":[{{Namespace}}]}] """,
        $$""" "input":[{"role":"user","content":"Hi"},{"type":"tool_search_output","execution":"client","call_id":"c","tools":[{{Tools}}]}] """,
    ];

    [Theory]
    [MemberData(nameof(Wrapped))]
    public void Wrapped_AreBoundedByNoLess(string fields)
    {
        var bare = Bound($$""" "input":[{"role":"user","content":"Hi"}],"tools":[{{Tools}}] """);

        Assert.True(Bound(fields) >= bare, $"{Bound(fields)} tokens are fewer than {bare}.");
    }

    private static long Bound(string fields)
    {
        var dialect = new OpenAIResponsesDialect(OutputLimit.None);
        return dialect.Read(SampleCall.Of("openai", dialect, JsonElement.Parse($$"""{"model":"gpt-5",{{fields}}}"""))).Shape.InputBound;
    }
}
