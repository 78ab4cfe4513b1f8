using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Dialects.Anthropic;

/// <summary>A reference is expanded into the tool's definition: each is held for, as it is not said that it is so once only.</summary>
public sealed class AnthropicToolReferenceTests
{
    private const int Definition = 20_000;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(5, 4)]
    public async Task Tool_IsHeldForAtEachReference(int references, int more)
    {
        var (none, one) = (await HeldAsync(0), await HeldAsync(references));

        // By its letters, a token each at most; around it are those of the reference's own block.
        const long Dearest = 750;
        var perReference = references == 0 ? 0 : 200;
        Assert.InRange(one - none, more * Definition * Dearest / 8, ((more * (Definition + 500)) + (references * perReference)) * Dearest);
    }

    /// <summary>The fifth as much as the second.</summary>
    [Fact]
    public async Task EachFurtherReference_IsHeldForAlike()
    {
        var (one, two, five) = (await HeldAsync(1), await HeldAsync(2), await HeldAsync(5));

        Assert.Equal(3 * (two - one), five - two);
    }

    private static async Task<long> HeldAsync(int references)
    {
        var blocks = string.Join(',', Enumerable.Repeat("""{"type":"tool_reference","tool_name":"big"}""", references));
        await using var call = await DearestCall.StartAsync();
        var (held, _) = await call.MakeAsync(
            "/v1/messages",
            $$"""
            {"model":"claude-sonnet-5","max_tokens":16,
             "tools":[{"name":"big","description":"{{new string('x', Definition)}}","defer_loading":true,"input_schema":{"type":"object"} }],
             "messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"find","input":{} }]},
                         {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{{blocks}}]}]}]}
            """,
            new SimulatedUsage(1, 1));
        return held;
    }
}
