namespace SpendGuard.Providers.Azure;

/// <summary>Azure, which serves others' models under their wire formats, at prices of its own.</summary>
internal sealed class AzureVendor() : Vendor("azure")
{
    internal override bool ServesOthers => true;

    internal override bool IsAt(string host) => HostName.IsOrBelow(host, "azure.com") || HostName.IsOrBelow(host, "azure.us");
}
