using System.ComponentModel;
using System.Text;

namespace SpendGuard.Examples.Quickstart;

/// <summary>What the agent searches. It always finds a lot, and all of it is input of every call that follows.</summary>
internal static class Library
{
    [Description("Searches the library and returns the passages found.")]
    public static string Search([Description("What to search for.")] string query)
    {
        var found = new StringBuilder();
        for (var i = 1; i <= 12; i++)
        {
            found.Append($"[{i}] On {query}: a budget is an amount set aside before it is spent. What was set aside for one purpose ")
                .Append("is not there for another, and what comes back can be set aside again. ");
        }

        return found.ToString();
    }
}
