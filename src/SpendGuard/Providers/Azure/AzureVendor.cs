namespace SpendGuard.Providers.Azure;

/// <summary>Azure, which serves others' models under their wire formats, at prices of its own.</summary>
internal sealed class AzureVendor() : Vendor("azure")
{
    internal override bool ServesOthers => true;

    /// <summary>Its 400s are of its content filter, which has read the prompt by then, or of a prompt that is too long; both are billed.</summary>
    internal override bool BillsRefusal(int status) => status == 400;

    internal override bool IsOverload(ProviderError error) => error.Says("overloaded");

    internal override bool IsAt(string host) =>
        HostName.IsOrBelow(host, "azure.com") || HostName.IsOrBelow(host, "azure.us") || HostName.IsOrBelow(host, "azure.cn");
}
