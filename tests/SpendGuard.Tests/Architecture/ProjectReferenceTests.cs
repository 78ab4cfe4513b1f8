using System.Xml.Linq;
using SpendGuard.Testing;

namespace SpendGuard.Tests.Architecture;

/// <summary>Arrows point one way: hosts and adapters know the engine, and not each other.</summary>
public sealed class ProjectReferenceTests
{
    /// <summary>What a project may reference beside the engine.</summary>
    private static readonly Dictionary<string, string[]> MayKnow = new(StringComparer.Ordinal)
    {
        ["SpendGuard.AspNetCore"] = ["SpendGuard.Extensions.AI"],
        ["SpendGuard.SemanticKernel"] = ["SpendGuard.Extensions.AI"],
        ["SpendGuard.Sidecar"] = ["SpendGuard.PostgreSql", "SpendGuard.SignedPrices"],
        ["SpendGuard.Cli"] = ["SpendGuard.PostgreSql", "SpendGuard.Sidecar", "SpendGuard.SignedPrices"],
    };

    [Fact]
    public void Projects_ReferenceTheEngine_AndWhatTheyAreMadeOf() => Findings.AssertNone(
        from project in Repository.Files("*.csproj", "src")
        let name = Path.GetFileNameWithoutExtension(project)
        from reference in XDocument.Load(project).Descendants("ProjectReference")
        let known = Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))
        where name == "SpendGuard" || (known != "SpendGuard" && !MayKnow.GetValueOrDefault(name, []).Contains(known, StringComparer.Ordinal))
        select $"{name} references {known}.");
}
