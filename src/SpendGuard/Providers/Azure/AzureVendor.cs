using SpendGuard.Providers.OpenAI;

namespace SpendGuard.Providers.Azure;

/// <summary>Azure, which serves others' models under their wire formats, at prices of its own.</summary>
internal sealed class AzureVendor() : Vendor("azure")
{
    /// <summary>The clouds for everybody, for the government of the United States, and in China.</summary>
    private static readonly string[] Clouds = ["azure.com", "azure.us", "azure.cn"];

    internal override bool ServesOthers => true;

    /// <summary>Its 400s are of its content filter, which has read the prompt by then, or of a prompt that is too long; both are billed.</summary>
    internal override bool BillsRefusal(int status) => status == 400;

    internal override bool IsOverload(ProviderError error) => error.Says("overloaded");

    internal override bool IsAt(string host) => Clouds.Any(cloud => HostName.IsOrBelow(host, cloud));

    /// <summary>Its hosts for OpenAI's models have nothing else; the others serve anybody's.</summary>
    internal override bool KeepsOutputCap(string model, string? host, string name) => name == OpenAIVendor.CapName
        && (OpenAIModel.RunsNowhereElse(model) || (host is not null && Clouds.Any(cloud => HostName.IsBelow(host, "openai." + cloud))));
}
