using System.Text.Json.Nodes;

namespace SpendGuard.Clients.Tests.Table;

public sealed class ClientTableTests
{
    /// <summary>Else a version was raised, and the suite has not run since.</summary>
    [Fact]
    public void Table_HasThePinnedVersions()
    {
        var package = JsonNode.Parse(File.ReadAllText(Repository.Path("tests", "clients", "package.json")))!;
        var pinned = package["dependencies"]!.AsObject().Select(one => ((string)one.Value!).Split('@')[^1]);

        Assert.Equal(pinned.Order(StringComparer.Ordinal), ClientTable.Rows.Select(row => row.Version).Order(StringComparer.Ordinal));
    }
}
