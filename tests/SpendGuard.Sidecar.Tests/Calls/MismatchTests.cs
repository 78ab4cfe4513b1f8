using Microsoft.Extensions.Logging;
using SpendGuard.Calls;

namespace SpendGuard.Sidecar.Tests.Calls;

/// <summary>A provider whose counts contradict each other is paid by the dearer reading, and does not go unnoticed.</summary>
public sealed class MismatchTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData(12, 0)]
    [InlineData(20, 1)]
    public async Task Counts_ThatContradict_AreLoggedWithReservationAndFigures(int total, int warnings)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(
            $$"""{ "model": "gpt-4o", "choices": [], "usage": { "prompt_tokens": 10, "completion_tokens": 2, "total_tokens": {{total}} } }""");
        await using var sidecar = new SidecarUnderTest(
            _folder, TimeProvider.System, new Dictionary<string, string?> { ["OPENAI_BASE_URL"] = provider.Address, ["CAP_PRICING_SOURCE"] = "bundled" });
        await sidecar.App.StartAsync();
        var agent = await sidecar.AgentAsync();
        await sidecar.CallAsync(agent, "gpt-4o");
        var (_, budget) = await sidecar.GetAsync($"/v1/agents/{agent}/budget");

        Assert.Equal((10 * 250) + ((total - 10) * 1_000), (long)budget["spent_microcents"]!);
        var told = sidecar.Log.At(LogLevel.Warning).Where(text => text.Contains("contradicts itself", StringComparison.Ordinal)).ToList();
        Assert.Equal(warnings, told.Count);
        Assert.All(told, text =>
        {
            Assert.Contains(agent, text, StringComparison.Ordinal);
            Assert.Contains("10 input tokens and 2 output tokens (0 reasoning, 0 audio) do not come to a total of 20", text, StringComparison.Ordinal);
        });
    }

    public void Dispose() => _folder.Dispose();
}
