using System.ComponentModel;
using System.Text;
using Microsoft.SemanticKernel;

namespace SpendGuard.Examples.NewsDesk;

/// <summary>A plug-in that someone bills for, and that always finds a lot: all of it is input of every call that follows.</summary>
internal sealed class Archive
{
    [KernelFunction("search")]
    [Description("Searches the archive and returns the articles found.")]
    public static string Search([Description("What to search for.")] string query)
    {
        var found = new StringBuilder();
        for (var i = 1; i <= 4; i++)
        {
            found.Append($"[{i}] On {query}: a budget is an amount set aside before it is spent, and what was set aside for one purpose is ")
                .Append("not there for another. ");
        }

        return found.ToString();
    }
}
