using System.Text;
using SpendGuard.Billing;
using SpendGuard.Sidecar.Dialects.Gemini;

namespace SpendGuard.Sidecar.Tests.Dialects.Gemini;

/// <summary>What a stream tells of its cost, and when.</summary>
public sealed class GeminiEventsTests
{
    /// <summary>T6: chunks tell all so far; adding them up bills many times over.</summary>
    [Fact]
    public void Stream_TheLastChunkCounts()
    {
        var events = new GeminiEvents();
        for (var output = 1; output <= 10; output++)
        {
            events.Observe(Encoding.UTF8.GetBytes($$"""
                { "candidates": [{ "index": 0{{(output == 10 ? ", \"finishReason\": \"STOP\"" : "")}} }],
                  "usageMetadata": { "promptTokenCount": 9, "candidatesTokenCount": {{output}}, "totalTokenCount": {{9 + output}} } }
                """));
            Assert.Equal(output == 10, events.Report.Incomplete is null);
        }

        Assert.Equal(new Usage { Input = 9, Output = 10 }, events.Report.Usage);
    }
}
