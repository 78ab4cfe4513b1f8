using System.ClientModel.Primitives;

namespace SpendGuard.Examples.SidecarClient;

/// <summary>Says with each call whose budget pays.</summary>
internal sealed class AgentHeader(string agent) : PipelinePolicy
{
    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        message.Request.Headers.Set("x-spendguard-agent-id", agent);
        ProcessNext(message, pipeline, currentIndex);
    }

    public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        message.Request.Headers.Set("x-spendguard-agent-id", agent);
        return ProcessNextAsync(message, pipeline, currentIndex);
    }
}
