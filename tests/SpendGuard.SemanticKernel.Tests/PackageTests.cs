using System.Text.Json;
using Microsoft.SemanticKernel;
using SpendGuard.Testing;

namespace SpendGuard.SemanticKernel.Tests;

/// <summary>What the package brings along.</summary>
public sealed class PackageTests
{
    [Fact]
    public void Package_DependsOnTheAbstractions_NotOnConnectors()
    {
        var references = typeof(SpendGuardKernelBuilderExtensions).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!).ToList();
        Assert.Equal(
            "Microsoft.SemanticKernel.Abstractions", Assert.Single(references, name => name.Contains("SemanticKernel", StringComparison.Ordinal)));
        Assert.DoesNotContain(references, name => name.StartsWith("OpenAI", StringComparison.Ordinal));

        using var restored = JsonDocument.Parse(File.ReadAllText(Repository.Path("src", "SpendGuard.SemanticKernel", "packages.lock.json")));
        var packages = restored.RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject())
            .Select(package => package.Name)
            .ToList();
        Assert.Contains("Microsoft.SemanticKernel.Abstractions", packages);
        Assert.DoesNotContain("Microsoft.SemanticKernel.Core", packages);
        Assert.DoesNotContain(packages, name => name.Contains("Connectors", StringComparison.Ordinal) || name is "OpenAI");
    }
}
