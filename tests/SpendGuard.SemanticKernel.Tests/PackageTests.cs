using System.Text.Json;
using Microsoft.SemanticKernel;

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

        using var restored = JsonDocument.Parse(File.ReadAllText(LockFile()));
        var packages = restored.RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject())
            .Select(package => package.Name)
            .ToList();
        Assert.Contains("Microsoft.SemanticKernel.Abstractions", packages);
        Assert.DoesNotContain("Microsoft.SemanticKernel.Core", packages);
        Assert.DoesNotContain(packages, name => name.Contains("Connectors", StringComparison.Ordinal) || name is "OpenAI");
    }

    private static string LockFile()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SpendGuard.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run from within the repository.");
        }

        return Path.Combine(folder, "src", "SpendGuard.SemanticKernel", "packages.lock.json");
    }
}
