using System.ComponentModel;
using Microsoft.SemanticKernel;

namespace SpendGuard.SemanticKernel.Tests.Plugins;

/// <summary>Something for a model to call.</summary>
internal sealed class SearchPlugin
{
    [KernelFunction("web")]
    [Description("Searches the web.")]
    public static string Search([Description("What for.")] string query) => $"Nothing on {query}.";
}
